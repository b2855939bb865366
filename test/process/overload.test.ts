import { readdir, readFile, rm } from 'node:fs/promises'
import { constants, getPriority } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Answered, call } from '../http/call.ts'
import { groupPhoto } from '../http/photos.ts'
import { openRaw, statusOf } from '../http/raw.ts'
import { installedData } from '../models/installed-data.ts'
import { PASSWORD, type ServerProcess, startProcess } from './server-process.ts'

const PATIENCE = { timeout: 60_000, interval: 20 }

const FLOOD = '203.0.113.1'
const POLITE = '203.0.113.2'
const UPLOAD_TYPE = 'multipart/form-data; boundary=b'

let dataDir: string
/** 12 megapixels that have to be decoded whole before the first row is known; nobody is on it. */
let progressive: Buffer
beforeAll(async () => {
  dataDir = await installedData('nhandien-overload-')
  const size = { width: 4000, height: 3000, channels: 3 as const }
  progressive = await sharp({ create: { ...size, noise: { type: 'gaussian', mean: 128, sigma: 10 }, background: '' } })
    .jpeg({ progressive: true, quality: 50 })
    .toBuffer()
})
afterAll(async () => await rm(dataDir, { recursive: true }))

async function start(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startProcess(dataDir, environment)
  onTestFinished(() => {
    server.child.kill('SIGKILL')
  })
  return server
}

async function query(url: string, address: string, photo: Uint8Array): Promise<Answered> {
  return await call(url, '/query', { files: [['file', photo]], headers: { 'x-forwarded-for': address } })
}

/** The status that comes for a head alone, of whose body not a byte is ever sent. */
async function statusOfHead(url: string, path: string, headers: readonly string[]): Promise<number> {
  const connection = openRaw(url)
  connection.send(`POST ${path} HTTP/1.1\r\nhost: x\r\n${headers.join('\r\n')}\r\n\r\n`)
  const received = await connection.until('request_id')
  connection.socket.destroy()
  return statusOf(received)
}

test('progressive photos of 12 megapixels in series from one address do not keep another waiting', async () => {
  const { url } = await start({ TRUST_PROXY: 'loopback', QUEUE_MAX: '4' })
  let isOver = false
  const outcomes = new Map<string, number>()
  const flood = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const { status, body } = await query(url, FLOOD, progressive)
      const { code }: { code?: unknown } = Object(body)
      outcomes.set(`${status} ${String(code)}`, (outcomes.get(`${status} ${String(code)}`) ?? 0) + 1)
    }
  })
  try {
    await expect.poll(() => outcomes.get('503 overloaded') ?? 0, PATIENCE).toBeGreaterThan(0)
    for (let round = 0; round < 3; round++) expect((await query(url, POLITE, groupPhoto(1))).status).toBe(200)
    // By its head alone: the queue is full, and of this address.
    const head = [`content-type: ${UPLOAD_TYPE}`, 'content-length: 50000', `x-forwarded-for: ${FLOOD}`]
    await expect.poll(async () => await statusOfHead(url, '/query', head), PATIENCE).toBe(503)
  } finally {
    isOver = true
    await Promise.all(flood)
  }
  expect([...outcomes.keys()].sort()).toEqual(['422 no-face', '503 overloaded'])
  expect((await query(url, FLOOD, groupPhoto(1))).status).toBe(200)
})

test('whoever may not, or sends too much, too often or of the wrong type, is told so before the body', async () => {
  const { url } = await start({ RATE_LIMIT: '6', TRUST_PROXY: 'loopback' })
  const upload = `content-type: ${UPLOAD_TYPE}`
  const from = (address: string) => `x-forwarded-for: ${address}`
  expect(await statusOfHead(url, '/add_embedding', [upload, 'content-length: 50000'])).toBe(401)
  expect(await statusOfHead(url, '/query', [upload, 'content-length: 50000000'])).toBe(413)
  expect(await statusOfHead(url, '/query', ['content-type: image/jpeg', 'content-length: 50000'])).toBe(415)
  for (let request = 0; request < 6; request++) expect((await query(url, FLOOD, new Uint8Array())).status).toBe(422)
  expect(await statusOfHead(url, '/query', [upload, 'content-length: 50000', from(FLOOD)])).toBe(429)
  expect((await query(url, POLITE, groupPhoto(1))).status).toBe(200)
})

test('uploads that are broken off leave the memory as it was', async () => {
  const { url } = await start()
  const head = `POST /query HTTP/1.1\r\nhost: x\r\ncontent-type: ${UPLOAD_TYPE}\r\ncontent-length: 9000000\r\n\r\n`
  const begun = Buffer.alloc(4_000_000, 'x')
  begun.write('--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n')
  const breakOff = async (times: number) => {
    for (let round = 0; round < times; round++) {
      const connection = openRaw(url)
      connection.send(head)
      await new Promise((resolve) => connection.socket.write(begun, resolve))
      connection.socket.destroy()
    }
  }
  const residentBytes = async () => {
    const { body } = await call(url, '/health/detailed', { method: 'GET' })
    const { memory }: { memory?: { rss_bytes?: unknown } } = Object(body)
    return Number(memory?.rss_bytes)
  }
  await breakOff(50)
  const before = await residentBytes()
  await breakOff(250)
  // What they sent is a gigabyte; a tenth of it is more than what memory is not given back at once.
  expect((await residentBytes()) - before).toBeLessThan(100_000_000)
  expect((await query(url, POLITE, groupPhoto(1))).status).toBe(200)
})

test('an enrolment of more photos than may wait is not refused for its own length', async () => {
  const { url } = await start({ TRUST_PROXY: 'loopback', QUEUE_MAX: '2' })
  const signedIn = await call(url, '/auth/login', { fields: { username: 'admin', password: PASSWORD } })
  const { token }: { token?: unknown } = Object(signedIn.body)
  const wish = { token: String(token), fields: { ten_nguoi: 'Vũ Thị Mai', force: 'true' } }
  const files = [1, 2, 3, 4, 5, 6].map((number) => ['file', groupPhoto(number)] as const)
  const { status, body } = await call(url, '/add_embedding', { ...wish, files })
  expect(status, JSON.stringify(body)).toBe(200)
})

const CAN_GIVE_WAY = process.platform === 'linux' && getPriority() < constants.priority.PRIORITY_LOW
test.runIf(CAN_GIVE_WAY)('extraction gives way to the event loop', async () => {
  const { child } = await start({ WORKERS: '2' })
  const tasks = `/proc/${child.pid}/task`
  const niceness = await Promise.all(
    (await readdir(tasks)).map(async (task) => {
      const stat = await readFile(join(tasks, task, 'stat'), 'utf8')
      // Counted from the end of the name, which may hold blanks: state is the third field, niceness the nineteenth.
      return { task, nice: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]) }
    }),
  )
  const own = getPriority()
  expect(niceness.find(({ task }) => task === String(child.pid))?.nice).toBe(own)
  expect(niceness.filter(({ nice }) => nice > own)).toHaveLength(2)
})
