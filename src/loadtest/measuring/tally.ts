import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import type { Outcome } from '../client/call.ts'

const MICROSECONDS_PER_MS = 1_000
/** To within 0.1 %, up to half an hour. */
const RANGE = { lowest: 1, highest: 1_800_000_000, figures: 3 } as const

export interface Latency {
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly maxMs: number
  readonly meanMs: number
}

export interface Figures {
  readonly answered: number
  /** 429 and 503. */
  readonly refused: number
  readonly failed: number
  /** Answered within the time that is measured. */
  readonly answeredPerSecond: number
  /** Of all calls, 0 to 1. */
  readonly refusedShare: number
  readonly failedShare: number
  /** Of what was answered or kept waiting to no end; a quick refusal is no quick answer. Null where there is none. */
  readonly latency: Latency | null
}

/** Counts of calls and their latencies. */
export class Tally {
  readonly #latencies: RecordableHistogram = createHistogram(RANGE)
  #counts: Record<Outcome, number> = { answered: 0, refused: 0, failed: 0 }
  #answeredInTime = 0

  /** @param ms latency; null where it says nothing */
  note(outcome: Outcome, ms: number | null, inTime: boolean): void {
    this.#counts[outcome]++
    if (outcome === 'answered' && inTime) this.#answeredInTime++
    if (ms === null) return
    const microseconds = Math.round(ms * MICROSECONDS_PER_MS)
    this.#latencies.record(Math.min(RANGE.highest, Math.max(RANGE.lowest, microseconds)))
  }

  figures(seconds: number): Figures {
    const { answered, refused, failed } = this.#counts
    const calls = Math.max(1, answered + refused + failed)
    return {
      answered,
      refused,
      failed,
      answeredPerSecond: seconds > 0 ? this.#answeredInTime / seconds : 0,
      refusedShare: refused / calls,
      failedShare: failed / calls,
      latency: this.#latency(),
    }
  }

  reset(): void {
    this.#latencies.reset()
    this.#counts = { answered: 0, refused: 0, failed: 0 }
    this.#answeredInTime = 0
  }

  #latency(): Latency | null {
    const latencies = this.#latencies
    if (latencies.count === 0) return null
    const at = (percentile: number) => latencies.percentile(percentile) / MICROSECONDS_PER_MS
    return {
      p50Ms: at(50),
      p90Ms: at(90),
      p95Ms: at(95),
      p99Ms: at(99),
      p999Ms: at(99.9),
      maxMs: latencies.max / MICROSECONDS_PER_MS,
      meanMs: latencies.mean / MICROSECONDS_PER_MS,
    }
  }
}
