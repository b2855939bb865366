/**
 * What a query costs beside its models, how late the event loop is, how much memory is held, how quick a start is:
 * `npm run bench:server [photo]`. Prints one table for each pack. CPU time, not wall time, is compared, and bare models
 * and queries take turns, since other work on a machine makes both slower.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp, { type Sharp } from 'sharp'
import { runOnce } from '../src/extraction/inference/network.ts'
import { installDefaultPack } from '../src/models/default-pack/default-pack.ts'
import { addPack } from '../src/models/insightface/add-pack.ts'
import { type ModelRun, openBareModels } from './bare-models.ts'
import { countFaces, enrol, type MeasuredServer, query, startServer } from './measured-server.ts'
import type { ProcessReading } from './watch-process.ts'

const WORKERS = 2
const CLIENTS = 10
const WARM_UP = 100
const ROUNDS = 15
const QUERIES_A_ROUND = 60
const MODEL_RUNS_A_ROUND = 20
const STARTS = 3
const PHOTO_SIDE = 640
/** A real SCRFD and a real ArcFace network, where they are. */
const INSIGHTFACE = fileURLToPath(new URL('../../../../shared/data/models', import.meta.url))

interface MeasuredPack {
  readonly name: string
  readonly folder: string
  readonly runs: readonly ModelRun[]
}

print([['machine', `${cpus()[0]?.model.trim()}, ${cpus().length} CPUs, Node ${process.version}`]])
const photo = await photoOfOneFace()
for (const make of [defaultPack, insightFacePack]) {
  const dataDir = await mkdtemp(join(tmpdir(), 'nhandien-bench-'))
  try {
    const pack = await make(dataDir)
    if (pack !== null) print([['pack', pack.name], ...(await measure(dataDir, pack))])
  } finally {
    await rm(dataDir, { recursive: true })
  }
}

async function defaultPack(dataDir: string): Promise<MeasuredPack> {
  const { folder } = await installDefaultPack(dataDir)
  return {
    name: 'default',
    folder,
    runs: [
      { name: 'blazeface', file: 'blazeface.onnx', dims: [1, 256, 256, 3] },
      { name: 'facemesh', file: 'facemesh.onnx', dims: [1, 192, 192, 3] },
      { name: 'dlib, two chips', file: 'dlib-resnet.onnx', dims: [2, 3, 150, 150] },
    ],
  }
}

async function insightFacePack(dataDir: string): Promise<MeasuredPack | null> {
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
    runs: [
      { name: 'SCRFD', file: manifest.detector.file, dims: [1, 3, side, side] },
      { name: 'ArcFace', file: manifest.recogniser.file, dims: [1, 3, 112, 112] },
    ],
  }
}

async function measure(dataDir: string, pack: MeasuredPack): Promise<[string, string][]> {
  const starts: number[] = []
  for (let start = 0; start <= STARTS; start++) {
    const server = await startServer(dataDir, pack.name, WORKERS)
    await server.stop()
    // The first one of all makes what later ones find.
    if (start > 0) starts.push(server.startMs)
  }
  const models = await openBareModels(pack.folder, pack.runs)
  const server = await startServer(dataDir, pack.name, WORKERS)
  const faces = await countFaces(server.url, photo)
  if (faces !== 1) throw new Error(`the photo has ${faces} faces, not one`)
  await enrol(server.url, photo)
  await query(server.url, photo, CLIENTS, WARM_UP)
  await models.measure(MODEL_RUNS_A_ROUND)
  const rounds: Round[] = []
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({ models: await models.measure(MODEL_RUNS_A_ROUND), ...(await queries(server)) })
  await models.release()
  await server.stop()
  return table(pack, rounds, median(starts))
}

interface Round {
  readonly models: readonly number[]
  readonly cpuMsPerQuery: number
  readonly after: ProcessReading
}

async function queries({ read, url }: MeasuredServer): Promise<Omit<Round, 'models'>> {
  const before = await read()
  await query(url, photo, CLIENTS, QUERIES_A_ROUND)
  const after = await read()
  return { cpuMsPerQuery: (after.cpuMs - before.cpuMs) / QUERIES_A_ROUND, after }
}

function table({ runs }: MeasuredPack, rounds: readonly Round[], startMs: number): [string, string][] {
  const of = (value: (round: Round) => number) => median(rounds.map(value))
  const parts = runs.map(({ name }, index) => `${name} ${of(({ models }) => models[index] ?? 0).toFixed(1)}`)
  const ratios = rounds.map(({ models, cpuMsPerQuery }) => cpuMsPerQuery / sum(models)).sort((a, b) => a - b)
  const [least = 0, most = 0] = [ratios[0], ratios.at(-1)]
  const rss = Math.max(...rounds.map(({ after }) => after.rssBytes))
  return [
    ['bare models, CPU-ms', `${parts.join(' + ')} = ${of(({ models }) => sum(models)).toFixed(1)}`],
    [`CPU-ms per /query, ${PHOTO_SIDE} px, one face`, of(({ cpuMsPerQuery }) => cpuMsPerQuery).toFixed(1)],
    [
      'over the bare models (asked: 1.5 at most)',
      `${median(ratios).toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)} in ${rounds.length} rounds)`,
    ],
    [
      `event-loop delay with ${CLIENTS} clients, ms (asked: p99 20 at most)`,
      `p50 ${of(({ after }) => after.eventLoopP50Ms).toFixed(1)}, p99 ${of(({ after }) => after.eventLoopP99Ms).toFixed(1)}`,
    ],
    [`largest RSS with ${WORKERS} workers, MB (asked: under 450)`, (rss / 1e6).toFixed(0)],
    [`start on an installed tree, s (asked: under 5)`, (startMs / 1_000).toFixed(2)],
  ]
}

/**
 * A photo given on the command line, or the middle of a sample picture: one of three people, who looks into the camera,
 * so that one look of each network is enough.
 */
async function photoOfOneFace(): Promise<Buffer> {
  const [, , given] = process.argv
  if (given !== undefined) return await scaled(sharp(await readFile(given)).rotate())
  const require = createRequire(import.meta.url)
  const sample = join(require.resolve('@vladmandic/face-api'), '..', '..', 'demo', 'sample2.jpg')
  const { width = 0, height = 0 } = await sharp(sample).metadata()
  const side = Math.floor(Math.min(width / 3, height))
  return await scaled(
    sharp(sample).extract({ left: Math.floor((width - side) / 2), top: 0, width: side, height: side }),
  )
}

async function scaled(image: Sharp): Promise<Buffer> {
  return await image.resize(PHOTO_SIDE, PHOTO_SIDE, { fit: 'inside' }).jpeg({ quality: 90 }).toBuffer()
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function print(rows: readonly (readonly [string, string])[]): void {
  for (const [what, value] of rows) process.stdout.write(`| ${what} | ${value} |\n`)
}
