/**
 * What a query costs beside its models, how much of them is reached at saturation, how late the event loop is, how much
 * memory is held, how quick a start is: `npm run bench:server [photo] [pack]`. Prints one table for each pack. CPU time,
 * not wall time, is compared where it can be, and bare models run now and then while queries are answered, since the
 * speed of a machine may change at any time. The clients are a process of their own, on the same CPUs.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { measureDecode } from './bare-decode.ts'
import { type BareModels, openBareModels } from './bare-models.ts'
import type { LoadFigures } from './closed-loop.ts'
import { fillGallery } from './filled-gallery.ts'
import { type Load, startLoad } from './load.ts'
import { defaultPack, insightFacePack, type MeasuredPack } from './measured-packs.ts'
import { countFaces, enrol, type MeasuredServer, startServer } from './measured-server.ts'
import { photoOfOneFace } from './photos.ts'
import type { ProcessReading } from './watch-process.ts'

const WORKERS = 2
const TEMPLATES = 10_000
/** By then the engine has compiled what is often run. */
const WARM_UP = 5_000
const STARTS = 3
const FEW = { clients: 10, queries: 300, rounds: 9 }
const SATURATED = { clients: 100, queries: 500, rounds: 7 }
const LARGE = { clients: 4, queries: 40, rounds: 5 }
/** Between two runs of the bare models while queries are answered: they get a twentieth of two CPUs or so. */
const BARE_PAUSE_MS = 250
const PHOTO_SIDE = 640
/** Of 12 megapixels. */
const LARGE_SIDE = 3_464

const [, , given, only] = process.argv
const photo = await photoOfOneFace(PHOTO_SIDE, given === '' ? undefined : given)
const largePhoto = await photoOfOneFace(LARGE_SIDE, given === '' ? undefined : given)

print([['machine', `${cpus()[0]?.model.trim()}, ${cpus().length} CPUs, Node ${process.version}`]])
const load = startLoad()
for (const make of [defaultPack, insightFacePack]) {
  const dataDir = await mkdtemp(join(tmpdir(), 'nhandien-bench-'))
  try {
    const pack = await make(dataDir)
    if (pack !== null && (only === undefined || only === pack.name)) print(await measure(dataDir, pack, load))
  } finally {
    await rm(dataDir, { recursive: true })
  }
}
load.stop()

/** A number of queries, and the bare models in the same time. */
interface Round {
  /** CPU-ms of each network. */
  readonly models: readonly number[]
  /** CPU-ms of decoding; 0 where it is not counted. */
  readonly decode: number
  /** CPUs that the bare models and the decoding had. */
  readonly bareCpus: number
  readonly cpuMsPerQuery: number
  readonly load: LoadFigures
  readonly after: ProcessReading
}

async function measure(dataDir: string, pack: MeasuredPack, clients: Load): Promise<[string, string][]> {
  const database = join(dataDir, 'bench.sqlite')
  await fillGallery(database, pack.manifest, TEMPLATES)
  // All clients may wait, and for as long as a busy machine takes, so that all are accepted.
  const environment = { DATABASE_URL: database, QUEUE_MAX: String(SATURATED.clients), QUEUE_SECONDS_MAX: '300' }
  const starts: number[] = []
  for (let start = 0; start <= STARTS; start++) {
    const started = await startServer(dataDir, pack.name, WORKERS, environment)
    await started.stop()
    // The first one of all makes what later ones find.
    if (start > 0) starts.push(started.startMs)
  }
  const models = await openBareModels(pack.folder, pack.runs)
  const server = await startServer(dataDir, pack.name, WORKERS, environment)
  try {
    for (const each of [photo, largePhoto]) {
      const faces = await countFaces(server.url, each)
      if (faces !== 1) throw new Error(`the photo has ${faces} faces, not one`)
    }
    await enrol(server.url, photo)
    await clients.run({ url: server.url, photos: [photo], clients: FEW.clients, times: WARM_UP })
    const rounds = (of: typeof FEW, sent: Uint8Array, decodes = false) =>
      take(of, sent, decodes, { server, models, clients })
    const few = await rounds(FEW, photo)
    const saturated = await rounds(SATURATED, photo)
    const large = await rounds(LARGE, largePhoto, true)
    return [...usual(pack, few, median(starts)), ...atSaturation(saturated), ...withLargePhotos(large)]
  } finally {
    await models.release()
    await server.stop()
  }
}

async function take(
  { clients, queries, rounds }: typeof FEW,
  sent: Uint8Array,
  decodes: boolean,
  parts: { readonly server: MeasuredServer; readonly models: BareModels; readonly clients: Load },
): Promise<readonly Round[]> {
  const { server, models } = parts
  const taken: Round[] = []
  for (let round = 0; round < rounds; round++) {
    const before = await server.read()
    const answered = parts.clients.run({ url: server.url, photos: [sent], clients, times: queries })
    const [load, bare] = await Promise.all([answered, sample(answered, models, decodes ? sent : null)])
    const after = await server.read()
    const cpuMsPerQuery = (after.cpuMs - before.cpuMs) / load.accepted
    taken.push({ ...bare, load, after, cpuMsPerQuery, bareCpus: bare.cpuMs / 1_000 / load.seconds })
  }
  return taken
}

/** Means of the bare models' CPU time, and of decoding where a photo is given, until the queries are answered. */
async function sample(answered: Promise<unknown>, models: BareModels, decoded: Uint8Array | null) {
  let isOver = false
  const over = answered.then(() => {
    isOver = true
  })
  const runs: (readonly number[])[] = []
  const decodes: number[] = []
  while (!isOver) {
    runs.push(await models.measure(1))
    if (decoded !== null) decodes.push(await measureDecode(decoded, 1))
    await Promise.race([over, sleep(BARE_PAUSE_MS)])
  }
  return {
    models: (runs[0] ?? []).map((_, model) => mean(runs.map((run) => run[model] ?? 0))),
    decode: decoded === null ? 0 : mean(decodes),
    cpuMs: sum(runs.flat()) + sum(decodes),
  }
}

function usual(
  { name, runs, ratioAsked }: MeasuredPack,
  rounds: readonly Round[],
  startMs: number,
): [string, string][] {
  const of = (value: (round: Round) => number) => median(rounds.map(value))
  const parts = runs.map((run, index) => `${run.name} ${of(({ models }) => models[index] ?? 0).toFixed(1)}`)
  return [
    ['pack', `${name}, ${TEMPLATES} templates`],
    ['bare models, CPU-ms', `${parts.join(' + ')} = ${of(({ models }) => sum(models)).toFixed(1)}`],
    [`CPU-ms per /query, ${PHOTO_SIDE} px, one face`, of(({ cpuMsPerQuery }) => cpuMsPerQuery).toFixed(1)],
    [`over the bare models (asked: ${ratioAsked} at most)`, spread(rounds, overModels)],
    [`event-loop delay with ${FEW.clients} clients, ms`, delays(rounds)],
    [`largest RSS so far with ${WORKERS} workers, MB (asked: under 450)`, largestRss(rounds)],
    ['start on an installed tree, s (asked: under 5)', (startMs / 1_000).toFixed(2)],
  ]
}

function atSaturation(rounds: readonly Round[]): [string, string][] {
  const clients = `${SATURATED.clients} clients`
  const ceiling = ({ models, bareCpus }: Round) => ((WORKERS - bareCpus) * 1_000) / sum(models)
  return [
    [`requests/s, ${clients}`, spread(rounds, (round) => round.load.perSecond)],
    [
      'of what the CPUs could do with bare models alone (asked: 0.80 at least)',
      spread(rounds, (round) => round.load.perSecond / ceiling(round)),
    ],
    [
      'CPUs that the server was given (bare models, clients and others had the rest)',
      spread(rounds, ({ cpuMsPerQuery, load: { accepted, seconds } }) => (cpuMsPerQuery * accepted) / 1_000 / seconds),
    ],
    [`CPU-ms per /query over the bare models, ${clients}`, spread(rounds, overModels)],
    [
      `answered 200, ${clients} (asked: all)`,
      spread(rounds, (round) => round.load.accepted / (round.load.accepted + round.load.refused)),
    ],
    [`latency p50, ms, ${clients}`, spread(rounds, (round) => round.load.p50Ms)],
    ['p99 / p50 (asked: 1.3 at most)', spread(rounds, (round) => round.load.p99Ms / round.load.p50Ms)],
    [`event-loop delay, ms, ${clients} (asked: p99 10 at most)`, delays(rounds)],
    [`largest RSS so far, MB`, largestRss(rounds)],
  ]
}

function withLargePhotos(rounds: readonly Round[]): [string, string][] {
  return [
    ['decoding a JPEG of 12 MP, CPU-ms', spread(rounds, ({ decode }) => decode)],
    ['CPU-ms per /query of it', spread(rounds, ({ cpuMsPerQuery }) => cpuMsPerQuery)],
    ['over bare models and decoding (asked: 1.15 at most)', spread(rounds, overModels)],
    ['largest RSS so far, MB', largestRss(rounds)],
  ]
}

function overModels({ models, decode, cpuMsPerQuery }: Round): number {
  return cpuMsPerQuery / (sum(models) + decode)
}

function delays(rounds: readonly Round[]): string {
  const of = (value: (round: Round) => number) => median(rounds.map(value)).toFixed(1)
  return `p50 ${of(({ after }) => after.eventLoopP50Ms)}, p99 ${of(({ after }) => after.eventLoopP99Ms)}`
}

function largestRss(rounds: readonly Round[]): string {
  return (Math.max(...rounds.map(({ after }) => after.rssBytes)) / 1e6).toFixed(0)
}

/** The median, with the least and the greatest of the rounds. */
function spread(rounds: readonly Round[], value: (round: Round) => number): string {
  const values = rounds.map(value).sort((a, b) => a - b)
  const [least = 0, most = 0] = [values[0], values.at(-1)]
  const shown = (number: number) => number.toFixed(Math.abs(number) < 10 ? 2 : 1)
  return `${shown(median(values))} (${shown(least)} to ${shown(most)} in ${rounds.length} rounds)`
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function print(rows: readonly (readonly [string, string])[]): void {
  for (const [what, value] of rows) process.stdout.write(`| ${what} | ${value} |\n`)
}
