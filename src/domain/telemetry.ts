import type { RefusalCode } from './errors.ts'

/** A request that is over, in terms that say nothing of who sent it or what was in it. */
export interface AnsweredRequest {
  /** What it asked for: the operation's id in the OpenAPI document, or `pages`, `unknown`. */
  readonly operation: string
  readonly method: string
  /** Null where the client was gone before the answer. */
  readonly status: number | null
  /** Why it was refused; null where it was not. */
  readonly refusal: RefusalCode | null
  /** From its first line to the end of its answer. */
  readonly ms: number
}

/** What follows a request through the server. */
export interface RequestTrace {
  /** Runs what a request needs, and all that follows from it, as part of the request. */
  within(proceed: () => void): void
  over(request: AnsweredRequest): void
}

/** The spans of time that figures are kept for. */
export const SPANS = ['1m', '5m', '60m'] as const
export type Span = (typeof SPANS)[number]

export interface RequestFigures {
  readonly count: number
  /** Those that failed by the server's own doing: faults, and what it was too busy or not ready for. */
  readonly errors: number
  /** 0 to 1. */
  readonly errorShare: number
  readonly perSecond: number
  /** Of the requests that were worked on, to within 3 %; null where there were none. */
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

/** How the server was for a short while. */
export interface SeriesPoint {
  /** Its begin. */
  readonly at: Date
  readonly seconds: number
  readonly requestsPerSecond: number
  readonly errorShare: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  /** Of the CPUs that may be used, 0 to 1. */
  readonly cpuShare: number
  readonly rssBytes: number
  /** The longest in the meantime. */
  readonly queued: number
  /** The longest in the meantime. */
  readonly eventLoopDelayMs: number
}

export interface ProcessFigures {
  readonly uptimeSeconds: number
  readonly cpus: number
  /** Of all of them over the last second, 0 to 1. */
  readonly cpuShare: number
  readonly rssBytes: number
  readonly heapUsedBytes: number
  /** What the process may use: its container's limit, or the machine's memory. */
  readonly memoryLimitBytes: number
  /** By how much timers were late over the last second. */
  readonly eventLoop: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number }
  /** Of the file system that holds the data; zeros where it does not say. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number }
}

export type FiguresBySpan = Readonly<Record<Span, RequestFigures>>

/** What is measured while the server runs. */
export interface Telemetry {
  answered(request: AnsweredRequest): void
  /**
   * @param traceparent the header of that name, by which a request belongs to what somebody else follows
   * @returns null where nobody follows requests
   */
  trace(traceparent: string | undefined, requestId: string): RequestTrace | null
  /** Of all requests together, and of each operation that was asked for within the longest span. */
  requests(): { readonly all: FiguresBySpan; readonly byOperation: ReadonlyMap<string, FiguresBySpan> }
  /** The last hour by the minute, its last five minutes by ten seconds; oldest first. */
  series(): readonly SeriesPoint[]
  process(): Promise<ProcessFigures>
  /** Everything in Prometheus' text format. */
  exposition(): Promise<string>
}
