import { readdirSync, statSync } from 'node:fs'
import { ExactEngine } from '../../src/gallery/exact-engine.ts'
import { Snapshots } from '../../src/gallery/snapshots.ts'
import { addRows, median, readProbes } from './speed.ts'
import type { VectorFiles } from './vectors.ts'

export interface LifeReport {
  readonly templates: number
  readonly addedPerSecond: number
  readonly bytesPerTemplate: number
  readonly rssBytesPerTemplate: number
  readonly snapshotWriteSeconds: number
  readonly snapshotLoadSeconds: number
  /** CPU time of the same, which other work on the machine does not lengthen as much. */
  readonly snapshotLoadCpuSeconds: number
  readonly snapshotBytes: number
  /** Wall time of a search, milliseconds, without and with 1,000 adds a second meanwhile. */
  readonly idle: { readonly p50: number; readonly p99: number }
  readonly busy: { readonly p50: number; readonly p99: number; readonly addsPerSecond: number }
}

const SEARCHES = 400
const TIMED_ADDS = 100_000
/** Vectors that are added while searches run: a thousand a second, for as long as a slow machine takes. */
const SPARE = 40_000
const ADDS_PER_TICK = 5
const TICK_MS = 5

/** Adds, remembers and searches a gallery of all but the last vectors, which are added while it is searched. */
export async function measureLife(
  files: VectorFiles,
  folder: string,
  { kernel, built }: { kernel: WebAssembly.Module; built: URL },
): Promise<LifeReport> {
  const options = {
    dimension: files.dimension,
    kernel,
    threads: { count: 1, worker: new URL('search-worker.js', built) },
  }
  const templates = files.count - SPARE
  const rssBefore = process.memoryUsage.rss()
  const first = new ExactEngine(options)
  const timedFrom = Math.max(0, templates - TIMED_ADDS)
  addRows(first, files, 0, timedFrom)
  const addedPerSecond = addRows(first, files, timedFrom, templates)
  const bytesPerTemplate = first.status().memoryBytes / templates
  const rssBytesPerTemplate = (process.memoryUsage.rss() - rssBefore) / templates
  first.resumeAt(1)
  const snapshotsOf = (engine: ExactEngine) =>
    new Snapshots(engine, {
      ...{ folder, modelId: 'bench', history: () => 'bench' },
      ...{ worker: new URL('snapshot-worker.js', built), isReadOnly: false, say: console.log },
    })
  let begin = performance.now()
  await snapshotsOf(first).write()
  const snapshotWriteSeconds = (performance.now() - begin) / 1_000
  await first.close()

  const engine = new ExactEngine(options)
  begin = performance.now()
  const cpuBefore = process.cpuUsage()
  if (!(await snapshotsOf(engine).load(1))) throw new Error('the snapshot could not be loaded')
  const snapshotLoadSeconds = (performance.now() - begin) / 1_000
  const { user, system } = process.cpuUsage(cpuBefore)
  const snapshotLoadCpuSeconds = (user + system) / 1_000_000
  const [file] = readdirSync(folder)
  const snapshotBytes = statSync(`${folder}/${file}`).size

  const probes = readProbes(files)
  await latencies(engine, probes)
  const idle = await latencies(engine, probes)
  let next = templates
  const began = performance.now()
  const adding = setInterval(() => {
    const due = Math.min(files.count, templates + Math.floor((performance.now() - began) * (ADDS_PER_TICK / TICK_MS)))
    addRows(engine, files, next, due)
    next = due
  }, TICK_MS)
  const busy = await latencies(engine, probes)
  clearInterval(adding)
  const addsPerSecond = ((next - templates) / (performance.now() - began)) * 1_000
  await engine.close()
  return {
    ...{ templates, addedPerSecond, bytesPerTemplate, rssBytesPerTemplate, snapshotWriteSeconds, snapshotLoadSeconds },
    ...{ snapshotLoadCpuSeconds, snapshotBytes, idle, busy: { ...busy, addsPerSecond } },
  }
}

async function latencies(engine: ExactEngine, probes: readonly Float32Array[]): Promise<{ p50: number; p99: number }> {
  const times: number[] = []
  for (let i = 0; i < SEARCHES; i++) {
    const probe = probes[i % probes.length]
    if (probe === undefined) continue
    const begin = performance.now()
    await engine.search(probe, { limit: 5, by: 'person' })
    times.push(performance.now() - begin)
  }
  const sorted = times.sort((a, b) => a - b)
  return { p50: median(sorted), p99: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN }
}
