import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { isRefusal, Refusal } from '../../domain/errors.ts'
import type { OpenPack } from '../../domain/pack.ts'
import { DEFAULT_PACK_NAME } from '../default-pack/default-pack.ts'
import { createOnnxCodec } from '../onnx/codec.ts'
import { checkSelfContained } from '../onnx/self-contained.ts'
import { openPack } from '../packs/open-pack.ts'
import { readBoundedFile, sha256Hex } from '../packs/pack-file.ts'
import { packFolder } from '../packs/pack-name.ts'
import { writePack } from '../packs/write-pack.ts'
import { rewritePrelu } from '../rewrite/prelu.ts'
import { arcfacePack, scrfdDetection } from './arcface-pack.ts'
import { checkDetector, checkRecogniser, type RunModel } from './check-by-running.ts'
import { type ModelRole, roleOf } from './model-role.ts'

/** A folder of models holds a handful; more is the wrong folder. */
const FILES_MAX = 32

export interface AddPackRequest {
  readonly dataDir: string
  /** Lower-case letters, digits, dots, hyphens and underscores. */
  readonly name: string
  /** ONNX files, or one folder that holds them. */
  readonly paths: readonly string[]
  /** What the files may be used for, as the manifest will say. */
  readonly licence: string
  /** Where the files come from, as the manifest will say. */
  readonly origin: string
  readonly runModel: RunModel
}

export interface AddedPack extends OpenPack {
  /** Files that belong to InsightFace's packs and were left out, with what they are for. */
  readonly unused: readonly { readonly file: string; readonly what: string }[]
}

export interface ModelFile {
  readonly file: string
  /** Of the file as it was given, lower-case hex. */
  readonly sha256: string
  /** The same network, in a form that runs faster where there is one. */
  readonly bytes: Uint8Array
  readonly role: ModelRole
}

/**
 * Makes a pack of an SCRFD detector and an ArcFace recogniser: finds out which file is which, proves both by running
 * them, and writes the pack whole or not at all.
 * @throws Refusal `model-refused` naming the file and what is wrong with it, or the role that is missing or doubled
 */
export async function addPack(request: AddPackRequest): Promise<AddedPack> {
  const { dataDir, name, runModel } = request
  if (name === DEFAULT_PACK_NAME) throw refusal(name, 'is the name of the pack that comes with the product')
  await refuseOccupied(dataDir, name)
  const models: ModelFile[] = []
  for (const file of await modelFiles(request.paths)) models.push(await readModel(file))

  const detector = only(models, 'detector')
  const recogniser = only(models, 'recogniser')
  await inFile(detector.file, () => checkDetector(runModel, detector.bytes, detector.role.inputSize))
  const dimension = await inFile(recogniser.file, () => checkRecogniser(runModel, recogniser.bytes))

  const { mean, divisor } = recogniser.role
  const content = arcfacePack({
    name,
    licence: request.licence,
    source: `${detector.file} and ${recogniser.file} from ${request.origin}`,
    weightsSha256: recogniser.sha256,
    recogniser: { bytes: recogniser.bytes, dimension, mean, divisor },
    detection: scrfdDetection(detector.bytes, detector.role.inputSize),
  })
  await writePack(dataDir, content, async () => {
    throw occupied(name)
  })
  const unused = models.flatMap(({ file, role }) => (role.role === 'unused' ? [{ file, what: role.what }] : []))
  return { ...(await openPack(dataDir, name)), unused }
}

/**
 * Refuses a name that is taken before any work is done for it; the write refuses it again.
 * @throws Refusal `model-refused`
 */
export async function refuseOccupied(dataDir: string, name: string): Promise<void> {
  const there = await stat(packFolder(dataDir, name)).catch(() => null)
  if (there !== null) throw occupied(name)
}

function occupied(name: string): Refusal {
  return refusal(name, 'a pack of that name exists; remove it first or choose another name')
}

function refusal(pack: string, reason: string): Refusal {
  return new Refusal('model-refused', { pack, reason })
}

async function modelFiles(paths: readonly string[]): Promise<readonly string[]> {
  const [first] = paths
  const status = first === undefined ? null : await stat(first).catch(() => null)
  const files =
    first !== undefined && paths.length === 1 && status?.isDirectory()
      ? (await readdir(first)).filter((file) => file.endsWith('.onnx')).map((file) => path.join(first, file))
      : [...paths]
  if (files.length === 0) throw new Refusal('model-refused', { reason: 'no .onnx file was given' })
  if (files.length > FILES_MAX) {
    throw new Refusal('model-refused', { reason: `${files.length} files are too many for a pack` })
  }
  return files.sort()
}

/** @throws Refusal `model-refused` naming the file */
export async function readModel(file: string): Promise<ModelFile> {
  const name = path.basename(file)
  return inFile(name, async () => {
    const bytes = await readBoundedFile(file)
    const codec = createOnnxCodec()
    const model = codec.decode(bytes)
    checkSelfContained(model)
    const faster = rewritePrelu(model)
    return {
      file: name,
      sha256: sha256Hex(bytes),
      bytes: faster === model ? bytes : codec.encode(faster),
      role: roleOf(model),
    }
  })
}

type Playing<R extends ModelRole['role']> = ModelFile & { readonly role: Extract<ModelRole, { role: R }> }

function only<R extends ModelRole['role']>(models: readonly ModelFile[], role: R): Playing<R> {
  const playing = models.filter((model): model is Playing<R> => model.role.role === role)
  const [first] = playing
  if (first === undefined) throw new Refusal('model-refused', { reason: `no file is a ${role}` })
  if (playing.length > 1) {
    const files = playing.map(({ file }) => file)
    throw new Refusal('model-refused', { reason: `${files.join(' and ')} are each a ${role}; give one`, files })
  }
  return first
}

async function inFile<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (isRefusal(error, 'model-refused')) {
      throw new Refusal('model-refused', { file, ...error.details }, { cause: error })
    }
    throw error
  }
}
