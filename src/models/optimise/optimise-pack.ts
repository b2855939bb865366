import path from 'node:path'
import type { FaceOrigin, OpenPack, PackManifest } from '../../domain/pack.ts'
import { createOnnxCodec } from '../onnx/codec.ts'
import { openPack } from '../packs/open-pack.ts'
import { readBoundedFile } from '../packs/pack-file.ts'
import { type PackContent, writePack } from '../packs/write-pack.ts'
import { rewritePrelu } from '../rewrite/prelu.ts'
import { type Int8Attempt, type Int8Outcome, tryInt8 } from './try-int8.ts'

const INT8_FILE = 'recogniser-int8.onnx'

export interface Optimisation extends Pick<Int8Attempt, 'faces' | 'openModel' | 'cpuMs' | 'onProgress'> {
  readonly dataDir: string
  readonly pack: OpenPack
  /** Whose faces these are, as the manifest will say. */
  readonly origin: FaceOrigin
}

/**
 * Writes a pack's graphs in operators that run faster, which changes no answer, and gives it an int8 recogniser for
 * probes where one passes the self-test; where none does, one that was there goes. The model id stays: what is stored is
 * always embedded in float32. The pack is replaced whole or not at all.
 */
export async function optimisePack(request: Optimisation): Promise<Int8Outcome> {
  const { dataDir, pack, origin } = request
  const { format: _, int8: before, files: listed, ...manifest } = pack.manifest
  const files: PackContent['files'][number][] = []
  for (const { name } of listed) {
    if (name !== before?.file) files.push({ name, bytes: await fasterFile(path.join(pack.folder, name)) })
  }
  const exact = files.find(({ name }) => name === manifest.recogniser.file)?.bytes ?? new Uint8Array()
  const outcome = await tryInt8({ ...request, exact, recogniser: manifest.recogniser, pack: manifest })
  await writePack(dataDir, contentOf(manifest, files, outcome, origin), async () => 'replace')
  await openPack(dataDir, manifest.name)
  return outcome
}

async function fasterFile(file: string): Promise<Uint8Array> {
  const bytes = await readBoundedFile(file)
  const codec = createOnnxCodec()
  const model = codec.decode(bytes)
  const faster = rewritePrelu(model)
  return faster === model ? bytes : codec.encode(faster)
}

function contentOf(
  manifest: Omit<PackManifest, 'files' | 'format' | 'int8'>,
  files: PackContent['files'],
  { bytes, test }: Int8Outcome,
  origin: FaceOrigin,
): PackContent {
  if (bytes === null || test === null) return { manifest, files }
  return {
    manifest: { ...manifest, int8: { file: INT8_FILE, faces: origin, selfTest: test } },
    files: [...files, { name: INT8_FILE, bytes }],
  }
}
