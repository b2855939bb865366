import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { DEFAULT_OPTIONS } from '../../src/http/options.ts'
import type { Operations } from '../../src/operations/operations.ts'
import { call } from './call.ts'
import { groupPhoto } from './photos.ts'
import { openRaw, statusOf } from './raw.ts'
import { openFront, type ServerUnderTest, startServer } from './server-under-test.ts'

const KIB = 1024
const PATIENCE = { timeout: 20_000, interval: 20 }
const JSON_HEAD = 'POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n'

let server: ServerUnderTest
beforeAll(async () => {
  const timeouts = { headersMs: 1000, requestMs: 1500, keepAliveMs: 400, idleMs: 2000, checkMs: 50, lingerMs: 300 }
  server = await startServer({ options: { timeouts, limits: { ...DEFAULT_OPTIONS.limits, heldBytes: 512 * KIB } } })
})
afterAll(async () => await server.close())

async function expectAlive(): Promise<void> {
  expect((await call(server.url, '/health/live', { method: 'GET' })).status).toBe(200)
}

/** The JSON that follows the head of the first answer. */
function bodyOf(received: string): unknown {
  return JSON.parse(received.slice(received.indexOf('\r\n\r\n') + 4).split('\r\nHTTP/1.1', 1)[0] ?? '')
}

describe('clients that are too slow are let go', () => {
  test('headers that never end', async () => {
    const connection = openRaw(server.url)
    connection.send('GET /health HTTP/1.1\r\nhost: x\r\n')
    const received = await connection.closed
    expect(statusOf(received)).toBe(408)
    expect(bodyOf(received)).toMatchObject({ success: false, code: 'request-timeout' })
    await expectAlive()
  })

  test('a body a byte at a time', async () => {
    const connection = openRaw(server.url)
    connection.send(`${JSON_HEAD}content-length: 1000\r\n\r\n`)
    const drip = setInterval(() => connection.send('x'), 30)
    const received = await connection.closed
    clearInterval(drip)
    expect(statusOf(received)).toBe(408)
    await expectAlive()
  })

  test('an upload that stops half way holds nothing afterwards', async () => {
    const type = 'content-type: multipart/form-data; boundary=b\r\n'
    const start = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    const connection = openRaw(server.url)
    connection.send(
      `POST /query HTTP/1.1\r\nhost: x\r\n${type}content-length: 400000\r\n\r\n${start}${'x'.repeat(390 * KIB)}`,
    )
    expect(statusOf(await connection.closed)).toBe(408)
    await vi.waitFor(async () => {
      expect((await call(server.url, '/detect', { files: [['file', groupPhoto(1)]] })).status).toBe(200)
    }, PATIENCE)
  })

  test('a connection that says nothing, and one that says nothing more', async () => {
    expect(statusOf(await openRaw(server.url).closed)).toBeOneOf([0, 408])
    const kept = openRaw(server.url)
    kept.send('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n')
    expect(statusOf(await kept.closed)).toBe(200)
  })

  test('but not a client that waits for what it sent', async () => {
    const { nhandien } = server
    const detect: Operations['detect'] = async (...wish) => {
      await setTimeout(3_500)
      return await nhandien.operations.detect(...wish)
    }
    const slow = { ...nhandien, operations: { ...nhandien.operations, detect } }
    const front = await openFront(slow, { timeouts: { ...DEFAULT_OPTIONS.timeouts, idleMs: 1_500 } })
    onTestFinished(async () => await front.app.close())
    expect((await call(front.url, '/detect', { files: [['file', groupPhoto(1)]] })).status).toBe(200)
  })

  test('a client that closes its half before the answer still gets it', async () => {
    const connection = openRaw(server.url)
    connection.socket.end('GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    expect(statusOf(await connection.closed)).toBe(200)
  })
})

describe('shapes by which requests are smuggled are refused, and the connection with them', () => {
  const CHUNK = '5\r\nhello\r\n0\r\n\r\n'
  test.each([
    ['two lengths', `${JSON_HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`],
    ['length and chunks', `${JSON_HEAD}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n${CHUNK}`],
    ['an unknown transfer encoding', `${JSON_HEAD}transfer-encoding: xchunked\r\n\r\n${CHUNK}`],
    ['chunked, but not last', `${JSON_HEAD}transfer-encoding: chunked, identity\r\n\r\n${CHUNK}`],
    ['a negative length', `${JSON_HEAD}content-length: -1\r\n\r\n`],
    ['a length that is no number', `${JSON_HEAD}content-length: 0x10\r\n\r\n`],
    ['a length beyond all numbers', `${JSON_HEAD}content-length: 99999999999999999999999\r\n\r\n`],
    ['a bad chunk size', `${JSON_HEAD}transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n`],
    ['a folded header', 'GET /health HTTP/1.1\r\nhost: x\r\n folded: y\r\n\r\n'],
    ['a space before the colon', 'GET /health HTTP/1.1\r\nhost : x\r\n\r\n'],
    ['NUL in a header', 'GET /health HTTP/1.1\r\nhost: x\r\nx-a: b\0c\r\n\r\n'],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n'],
    ['two hosts', 'GET /health HTTP/1.1\r\nhost: x\r\nHOST: y\r\n\r\n'],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00'],
    ['a method that does not exist', 'BREW /health HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])('%s', async (_name, request) => {
    const connection = openRaw(server.url)
    connection.send(request)
    const received = await connection.closed
    expect(statusOf(received)).toBeOneOf([400, 408])
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    if (received.includes('application/json')) {
      expect(bodyOf(received)).toMatchObject({ success: false })
      expect(received).toMatch(/x-request-id: [\w-]{36}/)
    }
    await expectAlive()
  })

  test('a request without a host is told so as any other, and HTTP/1.0 needs none', async () => {
    const [recent, old] = [openRaw(server.url), openRaw(server.url)]
    recent.send('GET /health/live HTTP/1.1\r\n\r\n')
    expect(bodyOf(await recent.closed)).toMatchObject({ success: false, code: 'body-malformed' })
    old.send('GET /health/live HTTP/1.0\r\n\r\n')
    expect(statusOf(await old.closed)).toBe(200)
  })

  test('pipelined requests are answered in their order', async () => {
    const connection = openRaw(server.url)
    connection.send(
      'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\nGET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    )
    const statuses = [...(await connection.closed).matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1])
    expect(statuses).toEqual(['200', '404'])
  })
})

describe('what is too large is refused by its head', () => {
  test.each([
    ['a header of a megabyte', `authorization: Bearer ${'x'.repeat(1024 * KIB)}\r\n`],
    ['huge cookies', `cookie: ${'a=b; '.repeat(10_000)}\r\n`],
    ['a flood of headers', 'x-a: 1\r\n'.repeat(10_000)],
  ])('%s', async (_name, headers) => {
    const connection = openRaw(server.url)
    connection.send(`GET /health HTTP/1.1\r\nhost: x\r\n${headers}\r\n`)
    expect(statusOf(await connection.closed)).toBeOneOf([0, 431])
    await expectAlive()
  })

  test('a body whose length is over the limit, before it is sent', async () => {
    const connection = openRaw(server.url)
    connection.send(`${JSON_HEAD}content-length: 10000000\r\n\r\n`)
    const received = await connection.until('request_id')
    expect(statusOf(received)).toBe(413)
    expect(bodyOf(received)).toMatchObject({ code: 'body-too-large' })
    await connection.closed
  })

  test('a client that asks first is told to go on only when its body may come', async () => {
    const ask = (path: string, length: number) => {
      const connection = openRaw(server.url)
      const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n`
      connection.send(`${head}content-length: ${length}\r\nexpect: 100-continue\r\n\r\n`)
      return connection
    }
    const welcome = ask('/login', 2)
    expect(await welcome.until('100 Continue')).toContain('100 Continue')
    welcome.send('{}')
    expect(await welcome.closed).toContain('HTTP/1.1 422')
    for (const [path, length, status] of [
      ['/login', 10_000_000, 413],
      ['/delete_class', 2, 401],
      ['/nowhere', 2, 404],
    ] as const) {
      const received = await ask(path, length).closed
      expect(received, path).not.toContain('100 Continue')
      expect(statusOf(received), path).toBe(status)
    }
  })
})

// Elsewhere than on Linux the loopback has one address alone.
test.runIf(process.platform === 'linux')(
  'one address that opens too many connections leaves others alone',
  async () => {
    const address = '127.0.0.7'
    const connections = 5
    const limits = { ...DEFAULT_OPTIONS.limits, connections }
    const front = await openFront(server.nhandien, { limits })
    onTestFinished(async () => await front.app.close())
    const opened = Array.from({ length: connections + 3 }, () => openRaw(front.url, address))
    const turnedAway = () => opened.filter(({ socket }) => socket.destroyed)
    await vi.waitFor(() => expect(turnedAway()).toHaveLength(3), PATIENCE)
    expect((await call(front.url, '/health/live', { method: 'GET' })).status).toBe(200)
    for (const { socket } of opened) socket.destroy()
    // What is gone counts no more.
    await vi.waitFor(async () => {
      const again = openRaw(front.url, address)
      again.send('GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
      expect(statusOf(await again.closed)).toBe(200)
    }, PATIENCE)
  },
)

describe('clients that leave', () => {
  test('in mid-upload, hundreds of times, cost nothing that stays', async () => {
    const type = 'content-type: multipart/form-data; boundary=b\r\n'
    const start = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    const head = `POST /query HTTP/1.1\r\nhost: x\r\n${type}content-length: 200000\r\n\r\n${start}`
    for (let round = 0; round < 30; round++)
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          const connection = openRaw(server.url)
          connection.send(head + 'x'.repeat(20 * KIB))
          await new Promise((resolve) => connection.socket.once('connect', resolve))
          await new Promise((resolve) => setImmediate(resolve))
          connection.socket.destroy()
        }),
      )
    await vi.waitFor(() => {
      server.app.server.getConnections((_error, count) => expect(count).toBeLessThan(20))
    }, PATIENCE)
    // All of it was let go of: an upload that needs most of the room finds it.
    await vi.waitFor(async () => {
      expect((await call(server.url, '/detect', { files: [['file', groupPhoto(1)]] })).status).toBe(200)
    }, PATIENCE)
  })

  test('are logged once', async () => {
    const id = 'the-one-that-left'
    const connection = openRaw(server.url)
    connection.send(`${JSON_HEAD}x-request-id: ${id}\r\ncontent-length: 1000\r\n\r\n{`)
    await vi.waitFor(() => expect(server.app.server.listening).toBe(true))
    connection.socket.end()
    await connection.closed
    await vi.waitFor(() => {
      const lines = server.log.filter((line) => line.includes(id) && line.includes('"level":30'))
      expect(lines).toHaveLength(1)
    }, PATIENCE)
  })
})
