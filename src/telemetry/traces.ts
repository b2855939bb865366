import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import type { AnsweredRequest, RequestTrace } from '../domain/telemetry.ts'

/** A step of a request, in the terms of OpenTelemetry. Nothing in it is about a person. */
export interface Span {
  readonly traceId: string
  readonly spanId: string
  /** '' where it is the first here and nobody before it told. */
  readonly parentSpanId: string
  readonly name: string
  readonly kind: 'server' | 'internal'
  /** Milliseconds since 1970, with fractions. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, string | number>>
  readonly failed: boolean
}

interface Context {
  readonly traceId: string
  readonly spanId: string
}

const TRACE_ID_BYTES = 16
const SPAN_ID_BYTES = 8
const SAMPLED = 1

/** W3C Trace Context, version 00. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

/** Follows requests through the steps that they take, across everything asynchronous. */
export class Traces {
  readonly #current = new AsyncLocalStorage<Context>()
  readonly #ended: (span: Span) => void

  constructor(ended: (span: Span) => void) {
    this.#ended = ended
  }

  /** @param traceparent as whoever called sent it. Null where that says that nobody wants to know. */
  begin(traceparent: string | undefined, requestId: string): RequestTrace | null {
    const [, traceId = newId(TRACE_ID_BYTES), parentSpanId = '', flags] = TRACEPARENT.exec(traceparent ?? '') ?? []
    if (flags !== undefined && (Number.parseInt(flags, 16) & SAMPLED) === 0) return null
    const context: Context = { traceId, spanId: newId(SPAN_ID_BYTES) }
    const startMs = epochMs()
    return {
      within: (proceed) => this.#current.run(context, proceed),
      over: ({ operation, method, status, refusal }: AnsweredRequest) =>
        this.#ended({
          ...{ ...context, parentSpanId, name: operation, kind: 'server', startMs, endMs: epochMs() },
          attributes: {
            'http.request.method': method,
            ...(status === null ? {} : { 'http.response.status_code': status }),
            ...(refusal === null ? {} : { 'error.type': refusal }),
            'nhandien.request_id': requestId,
          },
          failed: status === null || status >= 500,
        }),
    }
  }

  /** Notes steps that just ended, one after the other, under the request in which they were taken. */
  steps(steps: readonly { readonly name: string; readonly ms: number }[]): void {
    const context = this.#current.getStore()
    if (context === undefined) return
    let startMs = epochMs() - steps.reduce((sum, { ms }) => sum + ms, 0)
    for (const { name, ms } of steps) {
      const ids = { traceId: context.traceId, spanId: newId(SPAN_ID_BYTES), parentSpanId: context.spanId }
      this.#ended({ ...ids, name, kind: 'internal', startMs, endMs: startMs + ms, attributes: {}, failed: false })
      startMs += ms
    }
  }
}

function newId(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}

function epochMs(): number {
  return performance.timeOrigin + performance.now()
}
