import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import type { Candidate } from '../../src/domain/candidate.ts'
import { ExactEngine } from '../../src/gallery/exact-engine.ts'
import type { PeerName, Peers } from './peers.ts'
import { IMAGES_PER_PERSON, type VectorFiles } from './vectors.ts'

export interface SpeedRow {
  readonly dimension: number
  readonly distribution: string
  readonly templates: number
  /** CPU time of one search, milliseconds, the median of the rounds. */
  readonly known: number
  readonly unknown: number
  readonly sgemv: number | null
  readonly faiss: number | null
  /** How many times as long the peers take, the median of what it was in each round. */
  readonly overSgemv: number | null
  readonly overFaiss: number | null
  readonly recallAt1: number | null
  readonly recallAt5: number | null
}

const LIMIT = 5
/** The speed of a shared machine changes within seconds: enough of them to meet all of its moods. */
const ROUNDS = 9
/** CPU time that one measurement should take at least, so that the clock's steps do not matter. */
const MEASURED_MS = 250
const ROWS_PER_READ = 1_000

/** Adds rows of a file to a gallery, as images of people; answers how many a second, by wall time of the adding alone. */
export function addRows(engine: ExactEngine, files: VectorFiles, from: number, to: number): number {
  const handle = openSync(files.vectors, 'r')
  const rowBytes = files.dimension * 4
  let spent = 0
  for (let first = from; first < to; first += ROWS_PER_READ) {
    const rows = Math.min(ROWS_PER_READ, to - first)
    const bytes = new Uint8Array(rows * rowBytes)
    readSync(handle, bytes, 0, bytes.length, first * rowBytes)
    const begin = performance.now()
    for (let i = 0; i < rows; i++) {
      const row = first + i
      const template = new Float32Array(bytes.buffer, i * rowBytes, files.dimension)
      engine.put({ imageId: row + 1, classId: 1 + Math.floor(row / IMAGES_PER_PERSON), template })
    }
    spent += performance.now() - begin
  }
  closeSync(handle)
  return ((to - from) / spent) * 1_000
}

export function readProbes(files: VectorFiles): Float32Array[] {
  const all = new Float32Array(new Uint8Array(readFileSync(files.probes)).buffer)
  return Array.from({ length: files.probeCount }, (_, i) =>
    all.subarray(i * files.dimension, (i + 1) * files.dimension),
  )
}

/**
 * Measures this index and its peers in turns, on the same vectors, as the gallery grows; all on one thread.
 */
export async function measureSpeed(
  files: VectorFiles,
  distribution: string,
  sizes: readonly number[],
  { kernel, peers, rivals }: { kernel: WebAssembly.Module; peers: Peers | null; rivals: readonly PeerName[] },
): Promise<SpeedRow[]> {
  const engine = new ExactEngine({ dimension: files.dimension, kernel })
  const probes = readProbes(files)
  await peers?.load(files)
  const rows: SpeedRow[] = []
  let filled = 0
  for (const templates of sizes) {
    addRows(engine, files, filled, templates)
    filled = templates
    recode(engine)
    await peers?.grow(templates)
    const truth = await peers?.truth(templates, LIMIT)
    const found = await searchAll(engine, probes, 1)
    const times = { known: [] as number[], unknown: [] as number[], sgemv: [] as number[], faiss: [] as number[] }
    const half = probes.length / 2
    for (let round = 0; round < ROUNDS; round++) {
      times.known.push(await cpuMs(engine, probes.slice(0, half)))
      times.unknown.push(await cpuMs(engine, probes.slice(half)))
      for (const name of rivals) if (peers !== null) times[name].push(await peerMs(peers, name, templates))
    }
    const row: SpeedRow = {
      ...{ dimension: files.dimension, distribution, templates },
      ...{ known: median(times.known), unknown: median(times.unknown) },
      ...{ sgemv: times.sgemv.length > 0 ? median(times.sgemv) : null },
      ...{ faiss: times.faiss.length > 0 ? median(times.faiss) : null },
      ...{ overSgemv: ratioOver(times.sgemv, times), overFaiss: ratioOver(times.faiss, times) },
      ...{ recallAt1: recall(found, truth, 1), recallAt5: recall(found, truth, LIMIT) },
    }
    console.log(JSON.stringify(row))
    rows.push(row)
  }
  await engine.close()
  return rows
}

function ratioOver(
  peer: readonly number[],
  { known, unknown }: { readonly known: readonly number[]; readonly unknown: readonly number[] },
): number | null {
  if (peer.length === 0) return null
  return median(peer.map((ms, round) => (2 * ms) / ((known[round] ?? Number.NaN) + (unknown[round] ?? Number.NaN))))
}

/** What a server does between searches: codes relative to the mean of what it holds now. */
function recode({ content: { recoding } }: ExactEngine): void {
  while (recoding.isDue) recoding.step()
}

async function searchAll(engine: ExactEngine, probes: readonly Float32Array[], repeat: number) {
  const answers: (readonly Candidate[])[] = []
  for (let i = 0; i < repeat * probes.length; i++) {
    const probe = probes[i % probes.length]
    if (probe !== undefined) answers.push(await engine.search(probe, { limit: LIMIT, by: 'person' }))
  }
  return answers
}

async function cpuMs(engine: ExactEngine, probes: readonly Float32Array[]): Promise<number> {
  for (let repeat = 1; ; repeat *= 2) {
    const before = process.cpuUsage()
    await searchAll(engine, probes, repeat)
    const { user, system } = process.cpuUsage(before)
    const spent = (user + system) / 1_000
    if (spent >= MEASURED_MS) return spent / (repeat * probes.length)
  }
}

async function peerMs(peers: Peers, name: PeerName, count: number): Promise<number> {
  for (let repeat = 4; ; repeat *= 2) {
    const each = await peers.run(name, count, repeat)
    if (each * repeat >= MEASURED_MS) return each
  }
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Part of the true best people that were found, each with its best image. */
function recall(
  found: readonly (readonly Candidate[])[],
  truth: readonly (readonly number[])[] | undefined,
  limit: number,
): number | null {
  if (truth === undefined) return null
  let right = 0
  let all = 0
  truth.forEach((rows, i) => {
    const images = new Set(found[i]?.slice(0, limit).map(({ imageId }) => imageId - 1))
    for (const row of rows.slice(0, limit)) {
      all++
      if (images.has(row)) right++
    }
  })
  return right / all
}
