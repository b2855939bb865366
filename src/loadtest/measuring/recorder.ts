import type { Answer } from '../client/call.ts'
import { type Phase, phaseAt } from '../pacing/shape.ts'
import { type Figures, type Latency, Tally } from './tally.ts'

const SECOND_MS = 1_000
/** Points of a chart, about; a long run has longer slices. */
const SLICES_MAX = 600
/** Failures that took their time: to leave them out would make a server that hangs look quick. */
const KEPT_WAITING = ['timeout', 'missed']

export interface Slice {
  /** Since the start of what is measured. */
  readonly startSeconds: number
  readonly seconds: number
  readonly answered: number
  readonly refused: number
  readonly failed: number
  readonly latency: Pick<Latency, 'p50Ms' | 'p95Ms' | 'p99Ms'> | null
}

export interface PhaseFigures extends Figures {
  readonly name: string
  readonly share: number
  readonly seconds: number
}

export interface CodeCount {
  readonly operation: string
  readonly code: string
  readonly outcome: 'refused' | 'failed'
  readonly count: number
}

export interface Recorded {
  readonly totals: Figures
  readonly operations: Readonly<Record<string, Figures>>
  readonly phases: readonly PhaseFigures[]
  /** The most frequent first. */
  readonly codes: readonly CodeCount[]
  readonly slices: readonly Slice[]
}

/** What came of the calls of a run: as a whole, by operation, by phase, by code and over time. */
export class Recorder {
  readonly sliceSeconds: number
  readonly #slices: Slice[] = []
  readonly #phases: readonly Phase[]
  readonly #durationMs: number
  readonly #startMs = performance.now()
  readonly #all = new Tally()
  readonly #slice = new Tally()
  readonly #byOperation = new Map<string, Tally>()
  readonly #byPhase: readonly Tally[]
  readonly #codes = new Map<string, CodeCount>()

  constructor(phases: readonly Phase[]) {
    this.#phases = phases
    this.#durationMs = phases.at(-1)?.endMs ?? 0
    this.#byPhase = phases.map(() => new Tally())
    this.sliceSeconds = Math.max(1, Math.ceil(this.#durationMs / SECOND_MS / SLICES_MAX))
  }

  get slices(): readonly Slice[] {
    return this.#slices
  }

  get startMs(): number {
    return this.#startMs
  }

  /** Of a call that is over now. @param dueMs when it should have begun */
  note(operation: string, { outcome, code }: Pick<Answer, 'outcome' | 'code'>, dueMs: number): void {
    const nowMs = performance.now()
    this.advance(nowMs)
    const inTime = nowMs - this.#startMs <= this.#durationMs
    const ms = outcome === 'answered' || KEPT_WAITING.includes(code ?? '') ? nowMs - dueMs : null
    const phase = this.#byPhase[phaseAt(this.#phases, dueMs - this.#startMs)] ?? this.#byPhase.at(-1)
    for (const tally of [this.#all, this.#tallyOf(operation), phase, ...(inTime ? [this.#slice] : [])])
      tally?.note(outcome, ms, inTime)
    if (outcome !== 'answered' && code !== null) this.#count(operation, code, outcome)
  }

  /** Ends the slices that are over, those without a call too. */
  advance(nowMs: number): void {
    const elapsedMs = Math.min(nowMs - this.#startMs, this.#durationMs)
    while (elapsedMs >= (this.#slices.length + 1) * this.sliceSeconds * SECOND_MS) this.#endSlice(this.sliceSeconds)
  }

  /** @param seconds that were measured, fewer than planned where the run was ended early */
  result(seconds: number): Recorded {
    this.advance(performance.now())
    const bounds = this.#phases.map(({ startMs, endMs }) => [startMs / SECOND_MS, endMs / SECOND_MS] as const)
    const byPhase = this.#phases.map(({ name, share }, index): PhaseFigures => {
      const [start, end] = bounds[index] ?? [0, 0]
      const lasted = Math.max(0, Math.min(seconds, end) - start)
      return { name, share, seconds: lasted, ...(this.#byPhase[index] ?? new Tally()).figures(lasted) }
    })
    return {
      totals: this.#all.figures(seconds),
      operations: Object.fromEntries([...this.#byOperation].map(([name, tally]) => [name, tally.figures(seconds)])),
      phases: byPhase.filter((phase) => phase.seconds > 0),
      codes: [...this.#codes.values()].sort((a, b) => b.count - a.count),
      slices: this.slices,
    }
  }

  #endSlice(seconds: number): void {
    const { answered, refused, failed, latency } = this.#slice.figures(seconds)
    const startSeconds = this.#slices.length * this.sliceSeconds
    const shown = latency === null ? null : { p50Ms: latency.p50Ms, p95Ms: latency.p95Ms, p99Ms: latency.p99Ms }
    this.#slices.push({ startSeconds, seconds, answered, refused, failed, latency: shown })
    this.#slice.reset()
  }

  #tallyOf(operation: string): Tally {
    const known = this.#byOperation.get(operation)
    if (known !== undefined) return known
    const made = new Tally()
    this.#byOperation.set(operation, made)
    return made
  }

  #count(operation: string, code: string, outcome: 'refused' | 'failed'): void {
    const key = `${operation} ${code}`
    const count = (this.#codes.get(key)?.count ?? 0) + 1
    this.#codes.set(key, { operation, code, outcome, count })
  }
}
