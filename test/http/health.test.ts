import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Value } from 'typebox/value'
import { expect, onTestFinished, test } from 'vitest'
import { openExtractor } from '../../src/compose.ts'
import { HealthDetailsAnswer } from '../../src/http/wire/health-details.ts'
import { HealthAnswer } from '../../src/http/wire/system.ts'
import { call, expectError } from './call.ts'
import { groupPhoto } from './photos.ts'
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

test('a server whose workers crash one after the other answers all the same, and says that it is unhealthy', async () => {
  const crashing = `
    import { parentPort } from 'node:worker_threads'
    parentPort.on('message', ({ kind }) => {
      if (kind === 'stop') parentPort.close()
      else throw new Error('crashed on purpose')
    })
    parentPort.postMessage({ kind: 'ready' })`
  const folder = await mkdtemp(join(tmpdir(), 'nhandien-health-'))
  onTestFinished(async () => await rm(folder, { recursive: true }))
  const worker = join(folder, 'worker.mjs')
  await writeFile(worker, crashing)
  const workerUrl = pathToFileURL(worker)
  const server = await startServer({ openExtractor: (config, witness) => openExtractor(config, witness, workerUrl) })
  onTestFinished(async () => await server.close())
  const get = async (path: string) => await call(server.url, path, { method: 'GET' })
  expect((await get('/health')).body).toMatchObject({ status: 'healthy' })
  // Each is tried twice; the fifth loss makes it a loop.
  for (let photo = 0; photo < 3; photo++)
    expectError(await call(server.url, '/query', { files: [['file', groupPhoto(1)]] }), 'image-unreadable')
  const { status, body } = await get('/health')
  expect(status).toBe(503)
  expect(body).toMatchObject({ status: 'unhealthy' })
  expectError(await get('/health/ready'), 'not-ready', { failing: ['models'] })
  expect((await get('/health/live')).status).toBe(200)
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
