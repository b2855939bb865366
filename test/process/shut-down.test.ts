import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { call } from '../http/call.ts'
import { groupPhoto } from '../http/photos.ts'
import { openRaw, statusOf } from '../http/raw.ts'
import { installedData } from '../models/installed-data.ts'
import { PASSWORD, type ServerProcess, startProcess } from './server-process.ts'

const PATIENCE = { timeout: 20_000, interval: 20 }

let dataDir: string
beforeAll(async () => {
  dataDir = await installedData('nhandien-process-')
})
afterAll(async () => await rm(dataDir, { recursive: true }))

async function start(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startProcess(dataDir, environment)
  onTestFinished(() => {
    server.child.kill('SIGKILL')
  })
  return server
}

/** A query of which all but the last bytes were sent, and what sends those. */
function openQuery(url: string) {
  const boundary = 'b'
  const photo = groupPhoto(1)
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), photo, Buffer.from(`\r\n--${boundary}--\r\n`)])
  const connection = openRaw(url)
  connection.send(
    `POST /query HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: multipart/form-data; boundary=${boundary}\r\ncontent-length: ${body.length}\r\n\r\n`,
  )
  const cut = body.length - 10
  connection.socket.write(body.subarray(0, cut))
  return { connection, finish: () => connection.socket.write(body.subarray(cut)) }
}

async function enrol(url: string, name: string): Promise<void> {
  const signedIn = await call(url, '/auth/login', { fields: { username: 'admin', password: PASSWORD } })
  const { token }: { token?: unknown } = Object(signedIn.body)
  const enrolled = await call(url, '/add_embedding', {
    token: String(token),
    fields: { ten_nguoi: name, force: 'true' },
    files: [['file', groupPhoto(2)]],
  })
  expect(enrolled.status, JSON.stringify(enrolled.body)).toBe(200)
}

async function namesOf(url: string): Promise<string> {
  return JSON.stringify((await call(url, '/list_nguoi', { method: 'GET' })).body)
}

test('SIGTERM: while balancers take notice it serves, but is not ready; a second signal will not wait', async () => {
  const server = await start({ SHUTDOWN_NOTICE_SECONDS: '600' })
  server.child.kill('SIGTERM')
  await expect
    .poll(async () => (await call(server.url, '/health/ready', { method: 'GET' })).body, PATIENCE)
    .toMatchObject({ code: 'not-ready', details: { failing: ['draining'] } })
  expect((await call(server.url, '/health', { method: 'GET' })).body).toMatchObject({ status: 'degraded' })
  expect((await call(server.url, '/query', { files: [['file', groupPhoto(1)]] })).status).toBe(200)
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(1)
})

test('SIGTERM: nothing new, what was begun is finished, the gallery is written, exit 0', async () => {
  const server = await start()
  await enrol(server.url, 'Hà Văn Thắng')
  const { connection, finish } = openQuery(server.url)
  await connection.until('100 Continue')
  server.child.kill('SIGTERM')
  await expect.poll(async () => await fetch(server.url).catch(() => 'refused'), PATIENCE).toBe('refused')
  finish()
  const received = await connection.closed
  expect(statusOf(received.slice(received.lastIndexOf('HTTP/1.1')))).toBe(200)
  expect(received).toContain('"faces":')
  // Or the server would wait for this caller's next request.
  expect(received.slice(received.lastIndexOf('HTTP/1.1'))).toMatch(/connection: close/i)
  expect(await server.ended, server.output()).toBe(0)
  expect((await readdir(join(dataDir, 'gallery'))).filter((file) => file.endsWith('.snapshot')).length).toBeGreaterThan(
    0,
  )
})

test('SIGTERM: photos that wait for a worker are worked on to the last', async () => {
  const server = await start({ SHUTDOWN_SECONDS: '600' })
  const queries = Array.from({ length: 5 }, () => openQuery(server.url))
  for (const { connection } of queries) await connection.until('100 Continue')
  server.child.kill('SIGTERM')
  for (const { finish } of queries) finish()
  for (const { connection } of queries) expect(await connection.closed).toContain('"faces":')
  expect(await server.ended, server.output()).toBe(0)
})

test('SIGTERM: what does not finish in time is cut off, and the exit is as good', async () => {
  const server = await start({ SHUTDOWN_SECONDS: '0.2' })
  const { connection } = openQuery(server.url)
  await connection.until('100 Continue')
  server.child.kill('SIGTERM')
  const received = await connection.closed
  expect(received).not.toContain('"faces":')
  expect(await server.ended, server.output()).toBe(0)
})

test('kill -9: what was acknowledged is there after the next start', async () => {
  const server = await start()
  await enrol(server.url, 'Đinh Thị Hoa')
  server.child.kill('SIGKILL')
  expect(await server.ended).toBeNull()
  const next = await start()
  expect(await namesOf(next.url)).toContain('Đinh Thị Hoa')
  const { body } = await call(next.url, '/query', { files: [['file', groupPhoto(2)]] })
  expect(JSON.stringify(body)).toMatch(/Đinh Thị Hoa|Hà Văn Thắng/)
  const { num_vectors, num_embeddings } = Object((await call(next.url, '/index_status', { method: 'GET' })).body)
  expect(num_vectors).toBe(num_embeddings)
})
