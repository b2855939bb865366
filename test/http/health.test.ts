import { Value } from 'typebox/value'
import { expect, onTestFinished, test } from 'vitest'
import { HealthDetailsAnswer } from '../../src/http/wire/health-details.ts'
import { HealthAnswer } from '../../src/http/wire/system.ts'
import { call, expectError } from './call.ts'
import { startServer } from './server-under-test.ts'

test('without database and workers a server is unready and unhealthy, and goes on telling so', async () => {
  const server = await startServer()
  onTestFinished(async () => await server.close())
  // Everything behind the interface is taken away under it.
  await server.nhandien.close()
  const get = async (path: string) => await call(server.url, path, { method: 'GET' })
  const brief = await get('/health')
  expect(brief.status).toBe(503)
  expect(brief.body).toMatchObject({ status: 'unhealthy' })
  expect([...Value.Errors(HealthAnswer, brief.body)]).toEqual([])
  expectError(await get('/health/ready'), 'not-ready', { failing: ['models', 'database'] })
  expect((await get('/health/live')).status).toBe(200)
  const { status, body } = await get('/health/detailed')
  expect(status).toBe(200)
  expect([...Value.Errors(HealthDetailsAnswer, body)]).toEqual([])
  expect(body).toMatchObject({ status: 'unhealthy', failing: ['models', 'database'], database: { latency_ms: null } })
})

test('while it drains a server is unready and degraded, not unhealthy', async () => {
  const server = await startServer()
  onTestFinished(async () => await server.close())
  server.nhandien.drain()
  expectError(await call(server.url, '/health/ready', { method: 'GET' }), 'not-ready', { failing: ['draining'] })
  const { status, body } = await call(server.url, '/health', { method: 'GET' })
  expect(status).toBe(200)
  expect(body).toMatchObject({ status: 'degraded' })
})
