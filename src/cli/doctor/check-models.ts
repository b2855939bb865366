import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Nhandien } from '../../compose.ts'
import { CONSOLE } from '../../compose.ts'
import type { Config } from '../../config/settings.ts'
import { isRefusal, ServerMisconfigured } from '../../domain/errors.ts'
import type { FaceExtractor } from '../../domain/extractor.ts'
import { DEFAULT_PACK_NAME } from '../../models/default-pack/default-pack.ts'
import { explain } from '../explain.ts'
import { samplePhoto } from '../sample-photo.ts'
import { bad, type Check, doubtful, type Finding, good } from './finding.ts'

export interface ModelParts {
  /** Models as the server would open them. */
  readonly openExtractor: () => Promise<FaceExtractor>
  /** Everything else anew and empty, in a temporary folder, around the extractor; closing it closes that too. */
  readonly openScratch: (extractor: FaceExtractor) => Promise<Nhandien>
  /** A photo with a face; null takes one that comes with the models. */
  readonly photo: string | null
}

const MS_PER_SECOND = 1_000

/** Whether the models load, and whether a face that is enrolled is found and, once deleted, found no more. */
export function modelChecks(config: Config, parts: ModelParts): readonly Check[] {
  let extractor: FaceExtractor | null = null
  return [
    {
      name: 'models',
      run: async () => {
        const started = performance.now()
        try {
          extractor = await parts.openExtractor()
        } catch (error) {
          return bad(explain(error).replace('nhandien: ', ''), remedyOf(error, config))
        }
        const seconds = ((performance.now() - started) / MS_PER_SECOND).toFixed(1)
        const { name, dimension, threshold } = extractor.pack
        const where = extractor.executionProvider
        const probes = config.probePrecision === 'int8' ? ', probes in int8' : ''
        return good(
          `pack ${name}, ${dimension} dimensions, threshold ${threshold}${probes}, loaded on ${where} in ${seconds} s`,
        )
      },
    },
    {
      name: 'enrol, query, delete',
      run: async () => {
        if (extractor === null) return doubtful('not tried', 'See the models above.')
        const scratch = await parts.openScratch(extractor)
        try {
          return await tryRound(scratch, parts.photo)
        } finally {
          await scratch.close()
        }
      },
    },
  ]
}

function remedyOf(error: unknown, { modelPack, dataDir }: Config): string {
  if (error instanceof ServerMisconfigured) return 'Change the setting, or install what is missing.'
  if (modelPack === DEFAULT_PACK_NAME)
    return `Remove ${join(dataDir, 'models', DEFAULT_PACK_NAME)}: the next start converts the models again. If that fails too, "npm ci".`
  return `"nhandien model list" shows what is installed; add the pack again, or unset MODEL_PACK for the default one.`
}

async function tryRound({ operations }: Nhandien, given: string | null): Promise<Finding> {
  const path = given ?? samplePhoto()
  if (path === null)
    return doubtful('no sample photo is installed', 'Name a photo of a face: nhandien doctor --photo <file>')
  const read = async () => new Uint8Array(await readFile(path))
  try {
    const fields = { name: 'doctor' }
    const enrolled = await operations.enrol(
      { photos: [{ bytes: await read(), label: 'doctor' }], fields, strict: false, force: true },
      CONSOLE,
    )
    const started = performance.now()
    const found = await operations.identify(await read(), {})
    const ms = Math.round(performance.now() - started)
    const match = found.faces[found.mainFace]?.match
    if (match?.person.classId !== enrolled.person.classId)
      return bad('a face was enrolled and not found again', 'Report this, with the output of "nhandien config".')
    await operations.remove.person(enrolled.person.classId, CONSOLE)
    const after = await operations.identify(await read(), {})
    if (after.faces.some((face) => face.match !== null))
      return bad('a deleted person was still found', 'Report this, with the output of "nhandien config".')
    return good(`a face was enrolled, found (score ${match.score.toFixed(3)}, ${ms} ms), deleted, and found no more`)
  } catch (error) {
    if (isRefusal(error, 'no-face')) return bad(`no face was found in ${path}`, 'Name another photo with --photo.')
    return bad(explain(error).replace('nhandien: ', ''), 'Look at the checks above this one.')
  }
}
