import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RefusalCode } from '../../src/domain/errors.ts'
import { DEFAULT_OPTIONS } from '../../src/http/options.ts'
import { call, expectError } from './call.ts'
import { groupPhoto } from './photos.ts'
import { openRaw } from './raw.ts'
import { CONSOLE, type ServerUnderTest, startServer } from './server-under-test.ts'

const KIB = 1024
const UPLOAD_BYTES = 300 * KIB
/** Room for two uploads at a time: what is not let go of is missed at once. */
const HELD_BYTES = 700 * KIB
/** Room for two of the largest photos with all that may come with them is there in any case. */
const HELD_BYTES_AT_LEAST = Math.max(HELD_BYTES, 2 * (UPLOAD_BYTES + 4 * KIB + DEFAULT_OPTIONS.limits.textBytes))
const PATIENCE = { timeout: 20_000, interval: 20 }

let server: ServerUnderTest
let editor: string
/** Temporary files of this process alone go here. */
let ownTmp: string
let filesBefore: readonly string[]
beforeAll(async () => {
  ownTmp = mkdtempSync(join(tmpdir(), 'nhandien-uploads-'))
  vi.stubEnv('TMPDIR', ownTmp)
  server = await startServer({
    environment: { UPLOAD_BYTES_MAX: String(UPLOAD_BYTES) },
    options: {
      limits: { ...DEFAULT_OPTIONS.limits, uploadBytes: UPLOAD_BYTES, uploadFiles: 3, heldBytes: HELD_BYTES },
      trustedProxies: ['loopback'],
    },
  })
  editor = await server.tokenOf('editor')
  // Libraries leave files of their own when they first run.
  await call(server.url, '/detect', { files: [['file', groupPhoto(1)]] })
  filesBefore = readdirSync(ownTmp)
})
afterAll(async () => {
  await server.close()
  vi.unstubAllEnvs()
  rmSync(ownTmp, { recursive: true })
})

const BOUNDARY = 'xXx'
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`
const part = (head: string, body: string) => `--${BOUNDARY}\r\n${head}\r\n\r\n${body}\r\n`
const END = `--${BOUNDARY}--\r\n`
const field = (name: string, value: string) => part(`content-disposition: form-data; name="${name}"`, value)
const file = (name: string, body: string, fileName = 'a.jpg') =>
  part(`content-disposition: form-data; name="${name}"; filename="${fileName}"\r\ncontent-type: image/jpeg`, body)

const send = async (path: string, body: string, type = TYPE, token?: string) =>
  await call(server.url, path, { body, headers: { 'content-type': type }, ...(token === undefined ? {} : { token }) })

/** The server takes a good photo right after, and left no file of the upload anywhere. */
async function expectUnharmed(): Promise<void> {
  expect((await call(server.url, '/detect', { files: [['file', groupPhoto(1)]] })).status).toBe(200)
  expect(readdirSync(ownTmp)).toEqual(filesBefore)
}

describe('malformed multipart bodies are refused, and the next photo is served', () => {
  test.each<[name: string, body: string, type?: string]>([
    ['no boundary', field('a', '1') + END, 'multipart/form-data'],
    ['an empty boundary', field('a', '1') + END, 'multipart/form-data; boundary='],
    ['another boundary', field('a', '1') + END, 'multipart/form-data; boundary=other'],
    ['no final boundary', field('a', '1')],
    ['a file without an end', `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nabc`],
    ['a part without an end of its headers', `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"`],
    ['noise', 'hello'],
    ['__proto__ as a field', field('__proto__', '1') + END],
    ['constructor as a file', file('constructor', 'x') + END],
    [
      'broken JSON in a part',
      `${part('content-disposition: form-data; name="a"\r\ncontent-type: application/json', '{')}${END}`,
    ],
  ])('%s', async (_name, body, type) => {
    expectError(await send('/query', body, type), 'body-malformed')
    await expectUnharmed()
  })

  test.each<[name: string, body: string, code: RefusalCode]>([
    [
      'nested multipart',
      part('content-disposition: form-data; name="file"\r\ncontent-type: multipart/mixed; boundary=y', '--y--') + END,
      'file-invalid',
    ],
    ['10,000 parts', field('a', '1').repeat(400) + END, 'body-too-large'],
    ['10,000 files', file('file', 'x').repeat(200) + END, 'body-too-large'],
    ['a field name of 30 kB', field('x'.repeat(30 * KIB), '1') + END, 'field-missing'],
    ['a field value of 20 kB', field('threshold', '1'.repeat(20 * KIB)) + END, 'field-invalid'],
    [
      '1,000 headers in a part',
      part(`${'x-a: b\r\n'.repeat(1000)}content-disposition: form-data; name="file"`, 'x') + END,
      'field-missing',
    ],
    ['a part without a name', part('content-disposition: form-data; filename="a.jpg"', 'x') + END, 'field-missing'],
    ['an empty file', file('file', '') + END, 'image-unreadable'],
    ['a file that was left out', file('file', '', '') + END, 'field-missing'],
  ])('%s', async (_name, body, code) => {
    const refused = expectError(await send('/query', body), code)
    expect(JSON.stringify(refused).length).toBeLessThan(2000)
    await expectUnharmed()
  })
})

describe('sizes', () => {
  test('a photo over the limit is a 413, whether its length is declared or shows as it comes', async () => {
    const large = 'x'.repeat(UPLOAD_BYTES + 1)
    expectError(await send('/query', file('file', large) + END), 'image-too-large')
    const huge = file('file', 'x'.repeat(UPLOAD_BYTES + 200 * KIB)) + END
    expectError(await send('/query', huge), 'image-too-large')
    const chunked = await fetch(`${server.url}/query`, {
      method: 'POST',
      headers: { 'content-type': TYPE },
      body: new Blob([huge]).stream(),
      duplex: 'half',
    })
    expect(chunked.status).toBe(413)
    await expectUnharmed()
  })

  test('a preamble without end is not read for ever', async () => {
    const response = await fetch(`${server.url}/query`, {
      method: 'POST',
      headers: { 'content-type': TYPE },
      body: new Blob(['x'.repeat(600 * KIB)]).stream(),
      duplex: 'half',
    })
    expect(response.status).toBe(413)
    await expectUnharmed()
  })

  test('text bodies have a limit of their own', async () => {
    const body = JSON.stringify({ username: 'a', password: 'x'.repeat(70 * KIB) })
    expectError(await send('/login', body, 'application/json'), 'body-too-large')
    const form = `username=a&password=${'x'.repeat(70 * KIB)}`
    expectError(await send('/login', form, 'application/x-www-form-urlencoded'), 'body-too-large')
    expectError(await send('/login', field('username', 'x'.repeat(70 * KIB)) + END), 'body-too-large')
    const chunked = await fetch(`${server.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([body]).stream(),
      duplex: 'half',
    })
    expect(chunked.status).toBe(413)
  })

  test('more photos than one request may carry', async () => {
    const photos = file('file', 'x').repeat(4)
    expectError(await send('/add_embedding', photos + END, TYPE, editor), 'file-invalid', {
      field: 'file',
      reason: 'too-many-files',
    })
    expectError(await send('/add_embedding', photos + photos + END, TYPE, editor), 'body-too-large')
  })

  test('more than the server may hold at one time is refused until there is room again', async () => {
    const head = `POST /query HTTP/1.1\r\nhost: x\r\ncontent-type: ${TYPE}\r\ntransfer-encoding: chunked\r\n\r\n`
    const begun = `${part('content-disposition: form-data; name="file"; filename="a"', 'x'.repeat(250 * KIB)).slice(0, -2)}`
    const chunk = `${begun.length.toString(16)}\r\n${begun}\r\n`
    const arriving: Socket[] = []
    server.app.server.on('connection', (socket) => arriving.push(socket))
    const unfinished = [openRaw(server.url), openRaw(server.url)]
    const body = file('file', 'x'.repeat(250 * KIB)) + END
    try {
      for (const connection of unfinished) connection.send(head + chunk)
      // Only when both have arrived is it certain which request finds no room.
      await vi.waitFor(() => {
        expect(arriving).toHaveLength(2)
        for (const socket of arriving) expect(socket.bytesRead).toBe(head.length + chunk.length)
      }, PATIENCE)
      await vi.waitFor(async () => expectError(await send('/query', body), 'overloaded'), PATIENCE)
    } finally {
      for (const { socket } of unfinished) socket.destroy()
    }
    await vi.waitFor(async () => expectError(await send('/query', body), 'image-unsupported'), PATIENCE)
    for (let round = 0; round < 10; round++) await expectUnharmed()
  })
})

test('one address that keeps its uploads open leaves room for another', async () => {
  const uploads = 20
  const begun = `${part('content-disposition: form-data; name="file"; filename="a"', 'x'.repeat(60 * KIB)).slice(0, -2)}`
  const head = [
    'POST /query HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 203.0.113.1',
    `content-type: ${TYPE}\r\ntransfer-encoding: chunked\r\n\r\n`,
  ]
  let refused = 0
  const unfinished = Array.from({ length: uploads }, () => {
    const connection = openRaw(server.url)
    connection.send(`${head.join('\r\n')}${begun.length.toString(16)}\r\n${begun}\r\n`)
    void connection.until('"overloaded"').then((received) => {
      if (received.includes('"overloaded"')) refused++
    })
    return connection
  })
  try {
    const heldMax = Math.floor((0.75 * HELD_BYTES_AT_LEAST) / begun.length)
    await vi.waitFor(() => expect(refused).toBeGreaterThanOrEqual(uploads - heldMax), PATIENCE)
    const body = file('file', 'x'.repeat(60 * KIB)) + END
    const headers = { 'content-type': TYPE, 'x-forwarded-for': '203.0.113.2' }
    expectError(await call(server.url, '/query', { body, headers }), 'image-unsupported')
    expectError(
      await call(server.url, '/query', { body, headers: { ...headers, 'x-forwarded-for': '203.0.113.1' } }),
      'overloaded',
    )
  } finally {
    for (const { socket } of unfinished) socket.destroy()
  }
  await vi.waitFor(async () => await expectUnharmed(), PATIENCE)
})

describe('bodies of other kinds', () => {
  test.each([
    'text/plain',
    'application/xml',
    'image/jpeg',
    'application/octet-stream',
    'multipart/mixed; boundary=a',
    'x',
  ])('%s is a 415', async (type) => {
    expectError(await send('/query', 'hello', type), 'body-unsupported')
    expectError(await send('/login', 'hello', type), 'body-unsupported')
  })

  test('compressed bodies are a 415', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    expectError(await call(server.url, '/login', { body: '{}', headers }), 'body-unsupported')
  })

  test.each(['{', '[]', '"text"', '1', 'null', '{"username":"\xff'])('JSON %s is a 400', async (body) => {
    expectError(await send('/login', body, 'application/json'), 'body-malformed')
  })

  test('JSON that is no UTF-8 is a 400', async () => {
    const body = Uint8Array.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])
    const answered = await call(server.url, '/login', { body, headers: { 'content-type': 'application/json' } })
    expectError(answered, 'body-malformed')
  })

  test('fields named after parts of objects do no harm', async () => {
    const body =
      '{"__proto__":{"role":"admin"},"constructor":{"prototype":{"role":"admin"}},"username":"a","password":"b"}'
    expectError(await send('/login', body, 'application/json'), 'credentials-invalid')
    expect(Object.hasOwn(Object.prototype, 'role')).toBe(false)
  })
})

test('file names are labels: nothing is opened by them, nothing is refused for them', async () => {
  const names = ['../../etc/passwd', 'CON', 'a\u202egnp.exe', 'x'.repeat(3000), '%00', "'; DROP TABLE nguoi; --"]
  for (const name of names) {
    const body = new FormData()
    body.set('ten_nguoi', 'Nhãn')
    body.set('file', new Blob([Uint8Array.from(groupPhoto(3))]), name)
    const answered = await call(server.url, '/add_embedding', { body, token: editor })
    expect(answered.status, name).toBe(200)
    await server.nhandien.operations.remove.everything({ people: true, confirmed: true }, CONSOLE)
  }
  await expectUnharmed()
})
