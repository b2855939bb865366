import type { SeriesPoint } from '../domain/telemetry.ts'
import type { ProcessReading } from './process-meter.ts'
import { LONG_SLICE_MS, LONG_SLICES, type RequestMeter, SHORT_SLICE_MS, SHORT_SLICES } from './request-meter.ts'
import { type Slice, TimeSlices } from './time-slices.ts'

const SECOND_MS = 1_000
/** Of the newest minutes, this many are told slice by short slice. */
const DETAILED_MINUTES = 5

/** What the readings of one slice come to. */
interface Readings {
  count: number
  cpuShares: number
  rssBytes: number
  queued: number
  eventLoopDelayMs: number
}

/** How the server was over the last hour. */
export class Series {
  readonly #requests: RequestMeter
  readonly #slices: Readonly<Record<'short' | 'long', TimeSlices<Readings>>>

  constructor(requests: RequestMeter) {
    this.#requests = requests
    const none = () => ({ count: 0, cpuShares: 0, rssBytes: 0, queued: 0, eventLoopDelayMs: 0 })
    this.#slices = {
      short: new TimeSlices(SHORT_SLICE_MS, SHORT_SLICES, none),
      long: new TimeSlices(LONG_SLICE_MS, LONG_SLICES, none),
    }
  }

  note({ cpuShare, rssBytes, eventLoop }: ProcessReading, queued: number, nowMs: number): void {
    for (const slices of Object.values(this.#slices)) {
      const readings = slices.at(nowMs)
      readings.count++
      readings.cpuShares += cpuShare
      readings.rssBytes = rssBytes
      readings.queued = Math.max(readings.queued, queued)
      readings.eventLoopDelayMs = Math.max(readings.eventLoopDelayMs, eventLoop.maxMs)
    }
  }

  /** Slices that are over; oldest first. @param now the same moment as `nowMs`, by the clock on the wall */
  points(nowMs: number, now: Date): readonly SeriesPoint[] {
    const detailedFromMs = nowMs - (nowMs % LONG_SLICE_MS) - (DETAILED_MINUTES - 1) * LONG_SLICE_MS
    const point = (of: 'short' | 'long', { startMs, value }: Slice<Readings>): SeriesPoint => {
      const { widthMs } = this.#slices[of]
      const figures = this.#requests.slice(of, startMs, nowMs).figures(widthMs / SECOND_MS)
      return {
        at: new Date(now.getTime() - (nowMs - startMs)),
        seconds: widthMs / SECOND_MS,
        requestsPerSecond: figures.perSecond,
        errorShare: figures.errorShare,
        p50Ms: figures.p50Ms,
        p95Ms: figures.p95Ms,
        cpuShare: value.count === 0 ? 0 : value.cpuShares / value.count,
        rssBytes: value.rssBytes,
        queued: value.queued,
        eventLoopDelayMs: value.eventLoopDelayMs,
      }
    }
    const minutes = this.#slices.long.recent(nowMs, LONG_SLICES).filter(({ startMs }) => startMs < detailedFromMs)
    const newest = this.#slices.short
      .recent(nowMs, SHORT_SLICES)
      .filter(({ startMs }) => startMs >= detailedFromMs && startMs + SHORT_SLICE_MS <= nowMs)
    return [...minutes.map((slice) => point('long', slice)), ...newest.map((slice) => point('short', slice))]
  }
}
