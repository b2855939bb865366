import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Refusal } from '../../src/domain/errors.ts'
import type { ServerOptions } from '../../src/http/options.ts'
import { call, expectError } from './call.ts'
import { groupPhoto } from './photos.ts'
import { openRaw, statusOf } from './raw.ts'
import { type Front, openFront, PASSWORD, type ServerUnderTest, startServer } from './server-under-test.ts'

let behind: ServerUnderTest
let front: Front
beforeAll(async () => {
  behind = await startServer()
})
afterEach(async () => await front.app.close())
afterAll(async () => await behind.close())

async function start(options: Partial<ServerOptions> = {}): Promise<string> {
  front = await openFront(behind.nhandien, options)
  return front.url
}

test('errors speak Vietnamese unless English is preferred', async () => {
  const url = await start()
  const say = async (language?: string) => {
    const headers = language === undefined ? {} : { 'accept-language': language }
    const answered = await call(url, '/auth/status', { method: 'GET', headers })
    expect(answered.headers.get('vary')).toContain('Accept-Language')
    return [expectError(answered, 'token-missing').error, answered.headers.get('content-language')]
  }
  const vi = ['Bạn cần đăng nhập.', 'vi']
  const en = ['You need to sign in.', 'en']
  expect(await say()).toEqual(vi)
  expect(await say('*')).toEqual(vi)
  expect(await say('fr')).toEqual(vi)
  expect(await say('en-US,en;q=0.9')).toEqual(en)
  expect(await say('vi-VN,vi;q=0.9,en;q=0.8')).toEqual(vi)
  expect(await say('vi;q=0.1, EN;q=0.2')).toEqual(en)
  expect(await say('en;q=0')).toEqual(vi)
})

test('request ids are taken over where they are well-formed, and made where they are not', async () => {
  const url = await start()
  const idFor = async (id: string) =>
    (await call(url, '/health/live', { method: 'GET', headers: { 'x-request-id': id } })).headers.get('x-request-id')
  expect(await idFor('trace-1234567')).toBe('trace-1234567')
  for (const id of ['short', 'a'.repeat(65), 'with space here', '<script>alert(1)</script>', 'a{}"b;drop table'])
    expect(await idFor(id)).toMatch(/^[0-9a-f-]{36}$/)
})

test('every answer forbids framing, sniffing, caching and content from elsewhere', async () => {
  const url = await start()
  for (const path of ['/health', '/list_nguoi', '/nowhere', '/openapi.json']) {
    const { headers } = await call(url, path, { method: 'GET' })
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('server')).toBeNull()
    expect(headers.get('x-powered-by')).toBeNull()
  }
})

describe('other origins', () => {
  const preflight = {
    method: 'OPTIONS',
    headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
  }

  test('may not call unless they are named', async () => {
    const url = await start()
    const answered = await call(url, '/query', { ...preflight, encoding: 'query' })
    expect(answered.headers.get('access-control-allow-origin')).toBeNull()
    expect(answered.headers.get('allow')).toBe('OPTIONS, POST')
  })

  test('may call when they are named, and no others', async () => {
    const url = await start({ corsOrigins: ['https://a.example'] })
    const allowed = await call(url, '/query', { ...preflight, encoding: 'query' })
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://a.example')
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull()
    const other = await call(url, '/health', { method: 'GET', headers: { origin: 'https://b.example' } })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
    expectError(await call(url, '/delete_class', { headers: { origin: 'https://a.example' } }), 'token-missing')
  })
})

describe('rates', () => {
  test('are limited by address, with the time to wait', async () => {
    const url = await start({ rateLimit: { requests: 5, signIns: 1000 } })
    for (let round = 0; round < 5; round++) expect((await call(url, '/list_nguoi', { method: 'GET' })).status).toBe(200)
    expectError(await call(url, '/list_nguoi', { method: 'GET' }), 'too-many-requests')
    expectError(await call(url, '/query', { files: [['file', groupPhoto(1)]] }), 'too-many-requests')
    expect((await call(url, '/health/live', { method: 'GET' })).status).toBe(200)
    const forged = { 'x-forwarded-for': '203.0.113.9' }
    expectError(await call(url, '/list_nguoi', { method: 'GET', headers: forged }), 'too-many-requests')
  })

  test('count the client behind a proxy that is trusted', async () => {
    const url = await start({ rateLimit: { requests: 1, signIns: 1000 }, trustedProxies: ['127.0.0.1'] })
    for (const address of ['203.0.113.1', '203.0.113.2', '2001:db8:1::1'])
      expect((await call(url, '/list_nguoi', { method: 'GET', headers: { 'x-forwarded-for': address } })).status).toBe(
        200,
      )
    const neighbour = { 'x-forwarded-for': '2001:db8:1::2' }
    expectError(await call(url, '/list_nguoi', { method: 'GET', headers: neighbour }), 'too-many-requests')
  })

  test('of sign-ins are stricter, both addresses of it together', async () => {
    const url = await start({ rateLimit: { requests: 1000, signIns: 3 } })
    const fields = { username: 'admin', password: 'wrong' }
    for (const path of ['/login', '/auth/login', '/login'])
      expectError(await call(url, path, { encoding: 'json', fields }), 'credentials-invalid')
    const right = { username: 'admin', password: PASSWORD }
    expectError(await call(url, '/auth/login', { encoding: 'json', fields: right }), 'too-many-requests')
    expect((await call(url, '/list_nguoi', { method: 'GET' })).status).toBe(200)
  })
})

test('uploads that could not be worked on soon are refused before they are read', async () => {
  const asked: number[] = []
  const url = await start({
    admit: (bytes) => {
      asked.push(bytes)
      throw new Refusal('overloaded', { retryAfterSeconds: 7 })
    },
  })
  const connection = openRaw(url)
  connection.send(
    'POST /query HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 5000\r\n\r\n',
  )
  const received = await connection.until('request_id')
  expect(statusOf(received)).toBe(503)
  expect(received).toMatch(/retry-after: 7\r\n/)
  expect(asked).toEqual([5000])
  connection.socket.destroy()
  // Who may not call is not asked for room.
  expectError(await call(url, '/add_embedding', { files: [['file', groupPhoto(1)]] }), 'token-missing')
  expect((await call(url, '/list_nguoi', { method: 'GET' })).status).toBe(200)
  expect(asked).toEqual([5000])
})

test('faults inside say nothing of the inside', async () => {
  const doomed = await startServer()
  front = await openFront(doomed.nhandien, {})
  const { url } = front
  // The database is taken away under the running server.
  await doomed.nhandien.close()
  const answered = await call(url, '/list_nguoi', { method: 'GET', headers: { 'accept-language': 'en' } })
  expect(answered.status).toBeOneOf([500, 503])
  expect(JSON.stringify(answered.body)).not.toMatch(/sql|select|\.ts|\.js|at |node_modules|\/tmp|database/i)
  expect((await call(url, '/health/live', { method: 'GET' })).status).toBe(200)
  await doomed.close()
})

test('neither bodies, nor tokens, nor addresses as they were sent are logged, at any level', async () => {
  const url = await start()
  const token = await behind.tokenOf('editor')
  const marker = 'Dấu-Vết-Bí-Mật'
  await call(url, '/auth/login', { encoding: 'json', fields: { username: 'admin', password: `${marker}-1` } })
  await call(url, '/auth/login', { encoding: 'json', fields: { username: 'admin', password: PASSWORD } })
  await call(url, `/list_nguoi?query=${marker}`, { method: 'GET', token })
  await call(url, `/list_nguoi?access_token=${token}`, { method: 'GET' })
  await call(url, `/nowhere/${token}?token=${token}`, { method: 'GET' })
  await call(url, '/add_embedding', {
    token,
    fields: { ten_nguoi: marker },
    files: [['file', groupPhoto(1), `${marker}.jpg`]],
  })
  await call(url, '/embed', { token, files: [['file', groupPhoto(1)]] })
  await call(url, '/auth/status', {
    method: 'GET',
    headers: { cookie: encodeURIComponent(marker), authorization: `Bearer ${token}x` },
  })
  await call(url, '/add_embedding', {
    token,
    body: 'broken',
    headers: { 'content-type': `multipart/form-data; boundary=${marker.length}` },
  })
  const log = front.log.join('\n')
  expect(log).toContain('"username":"the-editor"')
  expect(log).toContain('"route":"/add_embedding"')
  for (const secret of [token, marker, encodeURIComponent(marker), PASSWORD, 'access_token', 'authorization', 'JFIF'])
    expect(log).not.toContain(secret)
  for (const line of front.log) expect(line.length).toBeLessThan(2000)
})

test('a server that closes refuses in the form of all errors', async () => {
  const url = await start()
  const connection = openRaw(url)
  connection.send('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n')
  await connection.until('live')
  connection.send('GET /list_nguoi HTTP/1.1\r\nhost: x\r\n')
  const closing = front.app.close()
  connection.send('\r\n')
  const received = await connection.closed
  await closing
  const second = received.slice(received.lastIndexOf('HTTP/1.1'))
  expect(statusOf(second)).toBeOneOf([200, 503])
  if (statusOf(second) === 503) expect(second).toContain('"code":"not-ready"')
})
