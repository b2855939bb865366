import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Refusal } from '../../domain/errors.ts'
import type { OpenPack } from '../../domain/pack.ts'
import { convertIresnet } from '../convert/torch/iresnet.ts'
import { readStateDict } from '../convert/torch/read-state-dict.ts'
import { DEFAULT_PACK_NAME, installDefaultPack } from '../default-pack/default-pack.ts'
import { readModel, refuseOccupied } from '../insightface/add-pack.ts'
import { arcfacePack, type DetectionPart, scrfdDetection } from '../insightface/arcface-pack.ts'
import { checkDetector, checkRecogniser, type RunModel } from '../insightface/check-by-running.ts'
import { createOnnxCodec } from '../onnx/codec.ts'
import { openPack } from '../packs/open-pack.ts'
import { readBoundedFile, sha256Hex } from '../packs/pack-file.ts'
import { writePack } from '../packs/write-pack.ts'
import { rewritePrelu } from '../rewrite/prelu.ts'

/** What arcface_torch trains with: (x / 255 - 0.5) / 0.5. */
const NORMALISATION = { mean: 127.5, divisor: 127.5 } as const

export interface CheckpointImport {
  readonly dataDir: string
  /** Lower-case letters, digits, dots, hyphens and underscores. */
  readonly name: string
  /** A state_dict of iresnet18, 34, 50 or 100. */
  readonly checkpoint: string
  /** An SCRFD detector in ONNX; the default pack's detector and landmarks where null. */
  readonly detector: string | null
  /** What the weights may be used for, as the manifest will say. */
  readonly licence: string
  readonly runModel: RunModel
}

/**
 * Makes a pack of weights that arcface_torch trained: converts the network, proves it by running it, and writes the
 * pack whole or not at all. Templates that PyTorch made with these weights compare with the ones the pack makes.
 * @throws Refusal `model-refused` naming the file and what is wrong with it
 */
export async function importCheckpoint(request: CheckpointImport): Promise<OpenPack> {
  const { checkpoint, dataDir, licence, name, runModel } = request
  if (name === DEFAULT_PACK_NAME)
    throw new Refusal('model-refused', { pack: name, reason: 'is the name of the pack that comes with the product' })
  await refuseOccupied(dataDir, name)
  // First, because it is quick, and the checkpoint is not.
  const given = request.detector === null ? null : await givenDetection(request.detector, runModel)
  const file = path.basename(checkpoint)
  const weightsSha256 = sha256Hex(await readBoundedFile(checkpoint))
  const { model, network } = convertIresnet(await readStateDict(checkpoint))
  const bytes = createOnnxCodec().encode(rewritePrelu(model))
  const dimension = await checkRecogniser(runModel, bytes)
  const detection = given ?? (await defaultDetection(dataDir))
  const content = arcfacePack({
    name,
    licence,
    source: `${file} (${network} of arcface_torch, SHA-256 ${weightsSha256}), detector: ${detection.origin}`,
    weightsSha256,
    recogniser: { bytes, dimension, ...NORMALISATION },
    detection: detection.part,
  })
  await writePack(dataDir, content, () => refuseOccupied(dataDir, name).then(() => 'replace' as const))
  return await openPack(dataDir, name)
}

interface Detection {
  readonly part: DetectionPart
  readonly origin: string
}

async function defaultDetection(dataDir: string): Promise<Detection> {
  const { folder, manifest } = await installDefaultPack(dataDir)
  const { detector, landmarks } = manifest
  const names = landmarks === null ? [detector.file] : [detector.file, landmarks.file]
  const files = await Promise.all(names.map(async (name) => ({ name, bytes: await readFile(path.join(folder, name)) })))
  return { part: { detector, landmarks, files }, origin: 'the default pack' }
}

async function givenDetection(detector: string, runModel: RunModel): Promise<Detection> {
  const { bytes, file, role } = await readModel(detector)
  if (role.role !== 'detector') throw new Refusal('model-refused', { file, reason: 'is no SCRFD detector' })
  await checkDetector(runModel, bytes, role.inputSize)
  return { part: scrfdDetection(bytes, role.inputSize), origin: file }
}
