import { PATHS } from '../../http/wire/paths.ts'
import { jsonOf, numberAt } from '../client/call.ts'
import type { Connections } from '../client/target.ts'
import { pause } from '../pacing/pause.ts'

/** How the server said it was. */
export interface ServerSample {
  /** Since the start of what is measured. */
  readonly seconds: number
  /** Of the CPUs that it may use, 0 to 1. */
  readonly cpuShare: number
  readonly rssBytes: number
  readonly heapBytes: number
  /** Photos that wait for a worker. */
  readonly queue: number
  readonly eventLoopP99Ms: number
  readonly uptimeSeconds: number
}

/** The server gathers its details at most once a second. */
const READ_EVERY_MS = 1_000
const SECOND_MS = 1_000

/** Reads `/health/detailed` until the signal comes; readings that were not answered are left out. */
export async function watchServer(
  connections: Connections,
  startMs: number,
  note: (sample: ServerSample) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let dueMs = performance.now(); !signal.aborted; dueMs = Math.max(dueMs + READ_EVERY_MS, performance.now())) {
    await pause(dueMs - performance.now(), signal)
    if (signal.aborted) return
    const answer = await connections.send({ operation: 'healthDetails', method: 'GET', path: PATHS.healthDetails })
    const details = jsonOf(answer)
    const rssBytes = numberAt(details, 'memory', 'rss_bytes')
    if (rssBytes === null) continue
    note({
      seconds: (performance.now() - startMs) / SECOND_MS,
      rssBytes,
      heapBytes: numberAt(details, 'memory', 'heap_used_bytes') ?? 0,
      cpuShare: numberAt(details, 'cpu', 'used_share') ?? 0,
      queue: numberAt(details, 'queue', 'length') ?? 0,
      eventLoopP99Ms: numberAt(details, 'event_loop', 'delay_p99_ms') ?? 0,
      uptimeSeconds: numberAt(details, 'uptime_seconds') ?? 0,
    })
  }
}

/** Whether another process answered in the meantime. */
export function wasRestarted(samples: readonly ServerSample[]): boolean {
  return samples.some(({ uptimeSeconds }, index) => uptimeSeconds < (samples[index - 1]?.uptimeSeconds ?? 0))
}
