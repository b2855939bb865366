import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { DEFAULT_OPTIONS } from '../../src/http/options.ts'
import { call, expectError } from '../http/call.ts'
import { type Contract, openContract } from '../http/contract.ts'
import { openRaw, type RawConnection } from '../http/raw.ts'
import { PASSWORD, type ServerUnderTest, startServer } from '../http/server-under-test.ts'

const IDLE_CONNECTIONS = 2_000
const CONNECTIONS_AT_A_TIME = 100
const DAY_MS = 24 * 3_600_000

let server: ServerUnderTest
let contract: Contract
beforeAll(async () => {
  const timeouts = { ...DEFAULT_OPTIONS.timeouts, idleMs: 3_000, keepAliveMs: 1_000, checkMs: 100 }
  server = await startServer({ options: { timeouts } })
  contract = await openContract(server)
})
beforeEach(async () => await contract.startOver())
afterEach(() => {
  vi.useRealTimers()
})
afterAll(async () => await server.close())

const database = (): BetterSqlite.Database => new BetterSqlite(join(server.dataDir, 'nhandien.sqlite'))
const query = async (photo: Buffer) => await contract.call('/query', { files: [['file', photo]] })

test('a template with flipped bits names nobody, harms no other, and can be replaced', async () => {
  const [struck, sound] = [await contract.somebody('Hỏng'), await contract.somebody('Lành')]
  const file = database()
  const { vector } = file.prepare('select vector from template where image_id = ?').get(struck.imageId) as {
    vector: Buffer
  }
  for (const spoilt of [
    Buffer.from(vector).fill(0xff),
    vector.subarray(0, 3),
    vector.map((byte, at) => (at === 17 ? byte ^ 8 : byte)),
  ]) {
    file.prepare('update template set vector = ? where image_id = ?').run(spoilt, struck.imageId)
    expect((await query(struck.photo)).body).toMatchObject({ results: [] })
    expect((await query(sound.photo)).body).toMatchObject({ nguoi: { ten: 'Lành' } })
  }
  file.close()
  const replaced = await contract.as('editor', '/edit_embedding', {
    fields: { image_id: struck.imageId },
    files: [['file', struck.photo]],
  })
  expect(replaced.status).toBe(200)
  expect((await query(struck.photo)).body).toMatchObject({ nguoi: { ten: 'Hỏng' } })
})

test('after a removal no file and no line of the log holds anything of the person', async () => {
  await contract.somebody('Người Khác')
  const { classId, imageId, photo } = await contract.somebody('Người Sắp Bị Xóa')
  await contract.as('editor', '/edit_embedding', { fields: { class_id: classId, noi_o: 'Nơi Sắp Bị Xóa' } })
  await contract.as('editor', '/edit_embedding', { fields: { image_id: imageId, image_path: 'Nhãn Sắp Bị Xóa.jpg' } })
  await query(photo)
  const file = database()
  const { vector } = file.prepare('select vector from template where image_id = ?').get(imageId) as { vector: Buffer }
  const { jpeg } = file.prepare('select jpeg from crop where image_id = ?').get(imageId) as { jpeg: Buffer }
  const { photo_sha256 } = file.prepare('select photo_sha256 from image where image_id = ?').get(imageId) as {
    photo_sha256: string
  }
  file.close()
  const traces = [
    ...['Sắp Bị Xóa', 'sap bi xoa', photo_sha256].map((text) => Buffer.from(text)),
    ...[vector.subarray(100, 116), jpeg.subarray(-40, -2)],
  ]
  const found = () => {
    const files = readdirSync(server.dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/backups|models/.test(entry.parentPath))
      .map((entry) => join(entry.parentPath, entry.name))
    const bytes = Buffer.concat([...files.map((path) => readFileSync(path)), Buffer.from(server.log.join('\n'))])
    return traces.map((trace) => bytes.includes(trace))
  }
  expect(found()).toEqual([true, true, true, true, true])
  expect((await contract.as('editor', '/delete_class', { fields: { class_id: classId } })).status).toBe(200)
  expect(found()).toEqual([false, false, false, false, false])
})

test('a clock that is set back locks nobody out and loses nothing', async () => {
  const signIn = async (password: string) =>
    await call(server.url, '/auth/login', { encoding: 'json', fields: { username: 'admin', password } })
  const right = Date.now()
  // Only what reads the time of day is moved; timers go on.
  vi.useFakeTimers({ toFake: ['Date'], now: right + 365 * DAY_MS })
  const ahead = await contract.somebody('Từ Tương Lai').catch(() => null)
  expect(ahead).toBeNull()
  for (let guess = 0; guess < 5; guess++) expectError(await signIn('wrong'), 'credentials-invalid')
  expectError(await signIn(PASSWORD), 'account-locked')
  vi.setSystemTime(right)
  expect((await signIn(PASSWORD)).status).toBe(200)
  const { photo } = await contract.somebody('Hiện Tại')
  expect((await query(photo)).body).toMatchObject({ nguoi: { ten: 'Hiện Tại' } })
  expect((await server.nhandien.operations.audit.verify()).faults).toEqual([])
})

describe('thousands of connections that say nothing', () => {
  test('leave room for who says something, and are closed', async () => {
    const idle: RawConnection[] = []
    let accepted = 0
    server.app.server.on('connection', () => accepted++)
    while (idle.length < IDLE_CONNECTIONS) {
      // Fewer than may wait to be accepted: beyond that the kernel drops some, which neither side learns of.
      for (let more = 0; more < CONNECTIONS_AT_A_TIME; more++) idle.push(openRaw(server.url))
      await vi.waitFor(() => expect(accepted).toBeGreaterThanOrEqual(idle.length), { timeout: 20_000, interval: 5 })
    }
    const { photo } = await contract.somebody('Giữa Đám Đông')
    expect((await query(photo)).status).toBe(200)
    await Promise.all(idle.map(({ closed }) => closed))
  })
})
