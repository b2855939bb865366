import type { Span } from './traces.ts'

export interface OtlpOptions {
  /** Of the collector, without `/v1/traces`. */
  readonly endpoint: string
  /** `name=value`, comma-separated, as OpenTelemetry's environment has them. */
  readonly headers: string
  readonly serviceName: string
  readonly version: string
  readonly say: (message: string, facts: Readonly<Record<string, unknown>>) => void
}

export interface SpanExporter {
  add(span: Span): void
  /** Sends what waits, if that can be done at all. */
  stop(): Promise<void>
}

const SEND_EVERY_MS = 2_000
const ANSWER_MS_MAX = 5_000
/** Spans that wait while the collector is away; later ones are dropped. */
const WAITING_MAX = 4_096
const NANOSECONDS_PER_MS = 1_000_000n
const KINDS = { internal: 1, server: 2 } as const
const STATUS_ERROR = 2

/** Sends spans to a collector by OTLP over HTTP, in its JSON form (opentelemetry.io/docs/specs/otlp). */
export function otlpExporter({ endpoint, headers, serviceName, version, say }: OtlpOptions): SpanExporter {
  const url = new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`)
  const sent = { 'content-type': 'application/json', ...readHeaders(headers) }
  const resource = { attributes: attributesOf({ 'service.name': serviceName, 'service.version': version }) }
  let waiting: Span[] = []
  let isAway = false
  let sending: Promise<void> = Promise.resolve()

  const send = async (): Promise<void> => {
    if (waiting.length === 0) return
    const spans = waiting
    waiting = []
    const scopeSpans = [{ scope: { name: 'nhandien', version }, spans: spans.map(spanAnswer) }]
    try {
      const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] })
      const response = await fetch(url, {
        method: 'POST',
        headers: sent,
        body,
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      })
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`it answers ${response.status}`)
      isAway = false
    } catch (error) {
      // Once, not every two seconds: traces are a convenience.
      if (!isAway) say('traces cannot be sent', { endpoint: url.origin, reason: String(error) })
      isAway = true
    }
  }
  const timer = setInterval(() => {
    sending = sending.then(send)
  }, SEND_EVERY_MS)
  timer.unref()
  return {
    add: (span) => {
      if (waiting.length < WAITING_MAX) waiting.push(span)
    },
    stop: async () => {
      clearInterval(timer)
      await sending
      await send()
    },
  }
}

function readHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='))
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]
    }),
  )
}

function spanAnswer({ traceId, spanId, parentSpanId, name, kind, startMs, endMs, attributes, failed }: Span) {
  return {
    traceId,
    spanId,
    ...(parentSpanId === '' ? {} : { parentSpanId }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: attributesOf(attributes),
    ...(failed ? { status: { code: STATUS_ERROR } } : {}),
  }
}

function attributesOf(attributes: Span['attributes']) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }))
}

/** As text, since they are more than a number holds. */
function nanoseconds(ms: number): string {
  const whole = Math.floor(ms)
  return String(BigInt(whole) * NANOSECONDS_PER_MS + BigInt(Math.floor((ms - whole) * Number(NANOSECONDS_PER_MS))))
}
