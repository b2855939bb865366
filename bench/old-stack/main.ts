/**
 * A stand-in of the old Python system beside this server: `npm run bench:old-stack [rounds]`. The same random iresnet18 in
 * both, 2 workers of one thread, 10,000 templates of 512 values, 100 clients of one process. The old stack is sent aligned
 * crops and has no detector; this server detects (SCRFD where it is in shared/data, else the default pack's detector).
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SNAPSHOT_FOLDER } from '../../src/compose/keys-at-rest.ts'
import type { OpenPack } from '../../src/domain/pack.ts'
import { runOnce } from '../../src/extraction/inference/network.ts'
import { importCheckpoint } from '../../src/models/arcface-torch/import-checkpoint.ts'
import type { LoadFigures } from '../closed-loop.ts'
import { median } from '../compare-times.ts'
import { fillGallery } from '../filled-gallery.ts'
import { type Load, startLoad } from '../load.ts'
import { countFaces, startServer } from '../measured-server.ts'
import { photoOfOneFace } from '../photos.ts'
import { cropCpuMs } from './crops.ts'
import { withInt8 } from './int8-pack.ts'
import { readTree } from './process-tree.ts'
import * as python from './python-stack.ts'

const WORKERS = 2
const TEMPLATES = 10_000
const CLIENTS = 100
const QUERIES = 400
const WARM_UP = 20
const CROPS = 40
/** As the files in deploy/ set it: less memory for each thread's malloc, and for what is short-lived. */
const DEPLOYED = { MALLOC_ARENA_MAX: '2', NODE_OPTIONS: '--max-semi-space-size=2' }
const ROUNDS = Number(process.argv[2] ?? 3)
const SIDE = 112
const DETECTOR = fileURLToPath(new URL('../../../../../shared/data/models/scrfd_2.5g_bnkps.onnx', import.meta.url))

/** A server that is asked, and what it is called in the table. */
interface Contender {
  readonly name: string
  start(): Promise<{ readonly url: string; readonly pid: number; stop(): Promise<void> }>
  cropMs(): Promise<number>
}

interface Reading {
  readonly cropMs: number
  readonly load: LoadFigures
  readonly cpuMsPerQuery: number
  readonly rssMb: number
  readonly pssMb: number
}

const COLUMNS: readonly (readonly [string, (reading: Reading) => number])[] = [
  ['decode + embed, both CPUs, no server, CPU-ms', ({ cropMs }) => cropMs],
  ['CPU-ms per query', ({ cpuMsPerQuery }) => cpuMsPerQuery],
  ['queries/s', ({ load: { perSecond } }) => perSecond],
  ['p50, ms', ({ load: { p50Ms } }) => p50Ms],
  ['p99, ms', ({ load: { p99Ms } }) => p99Ms],
  ['RSS of all processes, MB', ({ rssMb }) => rssMb],
  ['PSS, MB', ({ pssMb }) => pssMb],
]

const folder = await mkdtemp(join(tmpdir(), 'nhandien-old-stack-'))
const load = startLoad()
try {
  const crop = await photoOfOneFace(SIDE)
  const contenders = await prepare(crop)
  const readings = new Map<string, Reading[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < ROUNDS; round++)
    for (const contender of contenders) readings.get(contender.name)?.push(await measure(contender, crop, load))
  report(readings)
} finally {
  load.stop()
  await rm(folder, { recursive: true })
}

async function prepare(crop: Buffer): Promise<readonly Contender[]> {
  process.stdout.write(`| machine | ${cpus()[0]?.model.trim()}, ${cpus().length} CPUs, Node ${process.version} |\n`)
  process.stdout.write(`| old stack | ${python.pythonVersions()} |\n`)
  const cropFile = join(folder, 'crop.jpg')
  await writeFile(cropFile, crop)
  const weights = await python.randomWeights(folder)
  const detector = existsSync(DETECTOR) ? DETECTOR : null
  const about = { licence: 'random weights', runModel: runOnce, checkpoint: weights, detector }
  const add = (name: string) => importCheckpoint({ ...about, dataDir: dataDirOf(name), name })
  const float32 = await add('float32')
  const int8 = await withInt8(dataDirOf('int8'), await add('int8'))
  const old = (peer: python.Peer): Contender => ({
    name: `old stack, ${peer}`,
    start: () => python.startPythonStack(peer, weights, WORKERS),
    cropMs: () => python.cropCpuMs(peer, weights, cropFile, WORKERS, CROPS),
  })
  return [old('plain'), await here(int8, crop), await here(float32, crop), old('frozen')]
}

/** One each, as any server has: the gallery's snapshots of one would not do for the other. */
function dataDirOf(name: string): string {
  return join(folder, name)
}

async function here(pack: OpenPack, crop: Buffer): Promise<Contender> {
  const { name } = pack.manifest
  const database = join(dataDirOf(name), 'old-stack.sqlite')
  await fillGallery(database, pack.manifest, TEMPLATES)
  return {
    name: `here, ${name}`,
    async start() {
      // All clients may wait, and for as long as a busy machine takes, so that all are accepted.
      const limits = { QUEUE_MAX: String(CLIENTS), QUEUE_SECONDS_MAX: '300' }
      const precision = pack.manifest.int8 === undefined ? 'float32' : 'int8'
      const probes = { MIRROR_PROBES: 'off', PROBE_PRECISION: precision }
      const environment = { ...DEPLOYED, ...limits, ...probes, DATABASE_URL: database }
      // Its gallery is filled from the records then, as at a first start.
      await rm(join(dataDirOf(name), SNAPSHOT_FOLDER), { recursive: true, force: true })
      const server = await startServer(dataDirOf(name), name, WORKERS, environment)
      const faces = await countFaces(server.url, crop)
      if (faces !== 1) throw new Error(`the crop has ${faces} faces, not one`)
      return server
    },
    cropMs: () => cropCpuMs(pack, crop, WORKERS, CROPS),
  }
}

/** Another start each time: what a process has grown by is not carried over. */
async function measure(contender: Contender, crop: Buffer, clients: Load): Promise<Reading> {
  const cropMs = await contender.cropMs()
  const server = await contender.start()
  try {
    await clients.run({ url: server.url, photos: [crop], clients: WORKERS, times: WARM_UP })
    const before = readTree(server.pid)
    const figures = await clients.run({ url: server.url, photos: [crop], clients: CLIENTS, times: QUERIES })
    const after = readTree(server.pid)
    if (figures.refused > 0) throw new Error(`${contender.name} refused ${figures.refused} of ${QUERIES} queries`)
    const cpuMsPerQuery = (after.cpuMs - before.cpuMs) / QUERIES
    return { cropMs, load: figures, cpuMsPerQuery, rssMb: after.rssBytes / 1e6, pssMb: after.pssBytes / 1e6 }
  } finally {
    await server.stop()
  }
}

/** Medians of the rounds; in brackets what they are of the first contender's. */
function report(all: ReadonlyMap<string, readonly Reading[]>): void {
  const [first = []] = all.values()
  process.stdout.write(
    `\n| | ${COLUMNS.map(([name]) => name).join(' | ')} |\n|---|${COLUMNS.map(() => '---|').join('')}\n`,
  )
  for (const [name, readings] of all) {
    const cells = COLUMNS.map(([, value]) => {
      const [own, reference] = [readings, first].map((each) => median(each.map(value)))
      return `${own?.toFixed(1)} (× ${((own ?? Number.NaN) / (reference ?? Number.NaN)).toFixed(2)})`
    })
    process.stdout.write(`| ${name} | ${cells.join(' | ')} |\n`)
  }
}
