import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { Refusal } from '../../domain/errors.ts'
import { MODEL_FILE_BYTES_MAX } from '../packs/manifest.ts'
import { inTemporaryFolder } from '../packs/temporary-folder.ts'
import { type AddedPack, addPack, refuseOccupied } from './add-pack.ts'
import type { RunModel } from './check-by-running.ts'
import { download } from './download.ts'
import { INSIGHTFACE_LICENCE, PUBLISHED_BASE_URL, publishedArchive } from './published.ts'
import { unpackModels } from './unpack.ts'

const SHA256 = /^[0-9a-f]{64}$/

export interface InstallPackRequest {
  readonly dataDir: string
  /** One of InsightFace's published archives, which also becomes the pack's name. */
  readonly name: string
  readonly acceptLicence: boolean
  readonly runModel: RunModel
  /** http or https address of the folder that holds `<name>.zip`; InsightFace's own release where not given. */
  readonly baseUrl?: string
  /** Of the archive, lower-case hex, where a mirror serves another than the one InsightFace publishes. */
  readonly sha256?: string
  /** Longest silence of the server, milliseconds. */
  readonly silenceMs?: number
  /** Bytes so far, and in all where the server says it. */
  readonly onDownload?: (bytes: number, total: number | null) => void
}

/**
 * Downloads an archive that InsightFace publishes, verifies its SHA-256, unpacks it and makes a pack of it. Nothing
 * stays behind where any of this fails.
 * @throws Refusal `model-refused`: the licence was not accepted (with its text), the archive is unknown, the server
 *   does not answer, or what it sent is not what was expected
 */
export async function installPack(request: InstallPackRequest): Promise<AddedPack> {
  const { dataDir, name, baseUrl = PUBLISHED_BASE_URL } = request
  const archive = publishedArchive(name)
  if (!request.acceptLicence) {
    throw new Refusal('model-refused', {
      pack: name,
      reason: 'the licence was not accepted',
      licence: INSIGHTFACE_LICENCE,
    })
  }
  const expected = request.sha256?.toLowerCase() ?? archive.sha256
  if (!SHA256.test(expected)) throw new Refusal('model-refused', { pack: name, reason: 'the SHA-256 given is not one' })
  const url = archiveUrl(baseUrl, name)
  await refuseOccupied(dataDir, name)

  return inTemporaryFolder(dataDir, async (folder) => {
    const zip = path.join(folder, 'archive.zip')
    const models = path.join(folder, 'models')
    const limits = {
      bytesMax: MODEL_FILE_BYTES_MAX,
      ...(request.silenceMs === undefined ? {} : { silenceMs: request.silenceMs }),
    }
    const actual = await download(url, zip, limits, request.onDownload ?? (() => {}))
    if (actual !== expected) {
      const reason = `the downloaded archive has the SHA-256 ${actual}, not ${expected}`
      throw new Refusal('model-refused', { pack: name, reason })
    }
    await mkdir(models)
    await unpackModels(zip, models)
    await rm(zip)
    const origin = `InsightFace's ${name}.zip (SHA-256 ${actual})`
    const { runModel } = request
    return addPack({ dataDir, name, paths: [models], licence: INSIGHTFACE_LICENCE, origin, runModel })
  })
}

/** The base's query goes along: mirrors may want a token there. */
function archiveUrl(baseUrl: string, name: string): URL {
  const url = URL.parse(baseUrl)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new Refusal('model-refused', { reason: 'the address to download from is neither http nor https' })
  }
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${name}.zip`
  return url
}
