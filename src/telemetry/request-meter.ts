import { type AnsweredRequest, type FiguresBySpan, type RequestFigures, SPANS, type Span } from '../domain/telemetry.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import { TimeSlices } from './time-slices.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
export const SHORT_SLICE_MS = 10 * SECOND_MS
export const LONG_SLICE_MS = MINUTE_MS
/** Five minutes, and what is begun of a sixth. */
export const SHORT_SLICES = 36
export const LONG_SLICES = 60
/** Which slices a span is added up from, and how many of them. */
const SLICES_OF: Readonly<Record<Span, { readonly of: 'short' | 'long'; readonly count: number }>> = {
  '1m': { of: 'short', count: 6 },
  '5m': { of: 'short', count: 30 },
  '60m': { of: 'long', count: 60 },
}
/** Was not worked on, so its time says nothing of the work. */
const TURNED_AWAY = [429, 503]

/** Requests of one kind. */
export class RequestTally {
  count = 0
  errors = 0
  readonly latencies = new LatencyHistogram()

  note({ status, ms }: AnsweredRequest): void {
    this.count++
    if (status !== null && status >= 500) this.errors++
    if (status !== null && !TURNED_AWAY.includes(status)) this.latencies.record(ms)
  }

  add(other: RequestTally): void {
    this.count += other.count
    this.errors += other.errors
    this.latencies.add(other.latencies)
  }

  figures(seconds: number): RequestFigures {
    return {
      count: this.count,
      errors: this.errors,
      errorShare: this.count === 0 ? 0 : this.errors / this.count,
      perSecond: seconds > 0 ? this.count / seconds : 0,
      p50Ms: this.latencies.quantile(0.5),
      p95Ms: this.latencies.quantile(0.95),
      p99Ms: this.latencies.quantile(0.99),
    }
  }
}

type TallyByOperation = Map<string, RequestTally>

/** Counts requests by operation over the spans; sliding, since what leaves a span is forgotten slice by slice. */
export class RequestMeter {
  readonly #slices: Readonly<Record<'short' | 'long', TimeSlices<TallyByOperation>>>
  readonly #startedMs: number

  constructor(nowMs: number) {
    this.#startedMs = nowMs
    this.#slices = {
      short: new TimeSlices(SHORT_SLICE_MS, SHORT_SLICES, () => new Map()),
      long: new TimeSlices(LONG_SLICE_MS, LONG_SLICES, () => new Map()),
    }
  }

  note(request: AnsweredRequest, nowMs: number): void {
    for (const slices of Object.values(this.#slices)) tallyOf(slices.at(nowMs), request.operation).note(request)
  }

  figures(nowMs: number): { all: FiguresBySpan; byOperation: ReadonlyMap<string, FiguresBySpan> } {
    const bySpan = new Map(SPANS.map((span) => [span, this.#addUp(span, nowMs)]))
    const operations = [...(bySpan.get('60m')?.tallies.keys() ?? [])].sort()
    const figuresOf = (tallyIn: (tallies: TallyByOperation) => RequestTally): FiguresBySpan => {
      const figures = (span: Span): RequestFigures => {
        const { tallies, seconds } = bySpan.get(span) ?? { tallies: new Map(), seconds: 0 }
        return tallyIn(tallies).figures(seconds)
      }
      return { '1m': figures('1m'), '5m': figures('5m'), '60m': figures('60m') }
    }
    return {
      all: figuresOf(sumOf),
      byOperation: new Map(
        operations.map((operation) => [
          operation,
          figuresOf((tallies) => tallies.get(operation) ?? new RequestTally()),
        ]),
      ),
    }
  }

  /** Of all operations together in the slice that began then. */
  slice(of: 'short' | 'long', startMs: number, nowMs: number): RequestTally {
    const found = this.#slices[of].recent(nowMs, LONG_SLICES).find((slice) => slice.startMs === startMs)
    return sumOf(found?.value ?? new Map())
  }

  #addUp(span: Span, nowMs: number): { tallies: TallyByOperation; seconds: number } {
    const { of, count } = SLICES_OF[span]
    const slices = this.#slices[of]
    const tallies: TallyByOperation = new Map()
    for (const { value } of slices.recent(nowMs, count))
      for (const [operation, tally] of value) tallyOf(tallies, operation).add(tally)
    const beganMs = nowMs - (nowMs % slices.widthMs) - (count - 1) * slices.widthMs
    return { tallies, seconds: (nowMs - Math.max(beganMs, this.#startedMs)) / SECOND_MS }
  }
}

function tallyOf(tallies: TallyByOperation, operation: string): RequestTally {
  const known = tallies.get(operation)
  if (known !== undefined) return known
  const made = new RequestTally()
  tallies.set(operation, made)
  return made
}

function sumOf(tallies: ReadonlyMap<string, RequestTally>): RequestTally {
  const sum = new RequestTally()
  for (const tally of tallies.values()) sum.add(tally)
  return sum
}
