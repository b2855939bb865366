import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PackManifest } from '../src/domain/pack.ts'
import { runOnce } from '../src/extraction/inference/network.ts'
import { installDefaultPack } from '../src/models/default-pack/default-pack.ts'
import { addPack } from '../src/models/insightface/add-pack.ts'
import type { ModelRun } from './bare-models.ts'

export interface MeasuredPack {
  readonly name: string
  readonly folder: string
  readonly manifest: PackManifest
  /** What a query of one large face has the networks do. */
  readonly runs: readonly ModelRun[]
  /** Highest ratio of the CPU time of a query to that of the networks alone that was asked for. */
  readonly ratioAsked: number
}

/** A real SCRFD and a real ArcFace network, where they are. */
const INSIGHTFACE = fileURLToPath(new URL('../../../../shared/data/models', import.meta.url))

export async function defaultPack(dataDir: string): Promise<MeasuredPack> {
  return {
    name: 'default',
    ...(await installDefaultPack(dataDir)),
    ratioAsked: 1.3,
    runs: [
      { name: 'blazeface', file: 'blazeface.onnx', dims: [1, 256, 256, 3] },
      { name: 'facemesh', file: 'facemesh.onnx', dims: [1, 192, 192, 3] },
      { name: 'dlib, two chips', file: 'dlib-resnet.onnx', dims: [2, 3, 150, 150] },
    ],
  }
}

export async function insightFacePack(dataDir: string): Promise<MeasuredPack | null> {
  const files = (await readdir(INSIGHTFACE).catch(() => [])).filter((file) => file.endsWith('.onnx'))
  if (files.length === 0) {
    process.stdout.write(`No InsightFace models in ${INSIGHTFACE}: only the default pack is measured.\n`)
    return null
  }
  const name = 'insightface'
  const paths = files.map((file) => join(INSIGHTFACE, file))
  const about = { licence: 'for this benchmark', origin: INSIGHTFACE }
  const { folder, manifest } = await addPack({ dataDir, name, paths, runModel: runOnce, ...about })
  // A large face in a square photo is found at the first, quick look.
  const side = manifest.detector.inputSize / 2
  return {
    name,
    folder,
    manifest,
    ratioAsked: 1.25,
    runs: [
      { name: 'SCRFD', file: manifest.detector.file, dims: [1, 3, side, side] },
      { name: 'ArcFace', file: manifest.recogniser.file, dims: [1, 3, 112, 112] },
    ],
  }
}
