import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from './call.ts'
import { groupPhoto } from './photos.ts'
import { PASSWORD, type ServerUnderTest, startServer } from './server-under-test.ts'

interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, string>> }[]
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT_ID = '00f067aa0ba902b7'

let collector: Server
let server: ServerUnderTest
const received: string[] = []
const keys: unknown[] = []
beforeAll(async () => {
  collector = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    received.push(`${request.method} ${request.url} ${Buffer.concat(chunks)}`)
    keys.push(request.headers['api-key'])
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const address = collector.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  server = await startServer({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=of%20mine',
    },
  })
})
afterAll(async () => {
  await server.close()
  collector.close()
})

function spans(): readonly ReceivedSpan[] {
  return received.flatMap((line) => {
    expect(line.startsWith('POST /v1/traces {')).toBe(true)
    const { resourceSpans } = JSON.parse(line.slice(line.indexOf('{')))
    return resourceSpans[0].scopeSpans[0].spans
  })
}

test('a request is followed through its stages, as part of what its caller follows', async () => {
  const at = (sampled: string) => ({ traceparent: `00-${TRACE_ID}-${PARENT_ID}-${sampled}` })
  const form = { files: [['file', groupPhoto(1), 'bí-mật.jpg']] as const }
  expect((await call(server.url, '/query', { ...form, headers: at('00') })).status).toBe(200)
  expect((await call(server.url, '/query', { ...form, headers: at('01') })).status).toBe(200)
  const login = { username: 'bí-mật', password: `${PASSWORD}!` }
  expect((await call(server.url, '/auth/login', { fields: login, headers: { traceparent: 'nonsense' } })).status).toBe(
    401,
  )
  await call(server.url, '/health/live', { method: 'GET' })
  await expect.poll(() => spans().map(({ name }) => name), { timeout: 20_000 }).toContain('signIn')

  const [identify] = spans().filter(({ name }) => name === 'identify')
  expect(identify).toMatchObject({ traceId: TRACE_ID, parentSpanId: PARENT_ID, kind: 2 })
  const steps = spans().filter(({ parentSpanId }) => parentSpanId === identify?.spanId)
  expect(new Set(steps.map(({ name }) => name))).toEqual(
    new Set(['wait', 'decode', 'detect', 'landmarks', 'align', 'embed', 'search']),
  )
  for (const step of steps) {
    expect(step).toMatchObject({ traceId: TRACE_ID, kind: 1 })
    expect(BigInt(step.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(step.startTimeUnixNano))
    expect(BigInt(step.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(identify?.startTimeUnixNano ?? 0))
  }
  // Whoever did not want to know is not told, and a header that is none begins a trace of its own.
  expect(spans().filter(({ name }) => name === 'identify').length).toBe(1)
  const signIn = spans().find(({ name }) => name === 'signIn')
  expect(signIn?.parentSpanId).toBeUndefined()
  expect(signIn?.traceId).toMatch(/^(?!4bf9)[0-9a-f]{32}$/)
  expect(signIn?.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: '401' } })
  expect(spans().map(({ name }) => name)).not.toContain('live')
  expect(new Set(keys)).toEqual(new Set(['of mine']))
  expect(received.join()).not.toMatch(/bí-mật|127\.0\.0\.1|quạt/)
})
