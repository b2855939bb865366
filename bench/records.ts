/**
 * How quick the records are, on SQLite and on a private MariaDB of this machine: `npx tsc -p bench` and then
 * `node dist/bench/bench/records.js [people]`. Prints one table.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NewImage, Records } from '../src/domain/records.ts'
import { openRecords } from '../src/records/open-records.ts'
import { MariadbServer } from '../test/mariadb/mariadb-server.ts'

const PEOPLE = Number(process.argv[2] ?? 100_000)
const DIMENSION = 512
const MODEL = 'bench/512'
const SECONDS = 4
const SEARCHES = 30
const CROP_BYTES = 12_000
const ACTOR = { username: 'bench', address: '127.0.0.1', requestId: 'bench' }
const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Võ', 'Đặng', 'Bùi', 'Đỗ']
const GIVEN = ['An', 'Bình', 'Châu', 'Dũng', 'Giang', 'Hà', 'Khánh', 'Linh', 'Minh', 'Ngọc', 'Phúc', 'Quỳnh']
const PLACES = ['Hà Nội', 'Đà Nẵng', 'Huế', 'Cần Thơ', 'Hải Phòng', 'Quảng Ngãi', 'Thành phố Hồ Chí Minh', 'Đắk Lắk']
const SEARCH_TEXTS = ['', 'nguyen', 'đà nẵng', 'Huỳnh Văn Quỳnh', '99', 'không có ai', 'hồ chí minh', 'vo thi ngoc']

function pick<T>(from: readonly T[], n: number): T {
  const value = from[n % from.length]
  if (value === undefined) throw new Error('Nothing to pick from')
  return value
}

function personFields(n: number) {
  const middle = n % 2 === 0 ? 'Văn' : 'Thị'
  return {
    name: `${pick(FAMILY, n)} ${middle} ${pick(GIVEN, Math.floor(n / 12))} ${n}`,
    age: n % 100,
    gender: n % 2 === 0 ? 'male' : 'female',
    residence: `${n % 500} ${pick(PLACES, Math.floor(n / 7))}`,
  }
}

function image(): NewImage {
  const template = Float32Array.from({ length: DIMENSION }, () => Math.random() - 0.5)
  const norm = Math.hypot(...template)
  return {
    label: 'a photograph.jpg',
    template: template.map((value) => value / norm),
    modelId: MODEL,
    photoSha256: randomBytes(32).toString('hex'),
    crop: randomBytes(CROP_BYTES),
    quality: { sizePx: 120, sharpness: 0.8, brightness: 0.5, yaw: 1, pitch: 2, roll: 3, score: 0.8 },
  }
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

async function enrolments(
  records: Records,
  clients: number,
): Promise<{ perSecond: number; p50: number; p95: number; cpuMs: number }> {
  const times: number[] = []
  let n = 0
  const images = Array.from({ length: 500 }, image)
  const startedMs = performance.now()
  const startedCpu = process.cpuUsage()
  const client = async () => {
    while (performance.now() - startedMs < SECONDS * 1_000) {
      const begunMs = performance.now()
      const photo = { ...pick(images, n), photoSha256: randomBytes(32).toString('hex') }
      await records.people.enrol({ classId: null, fields: personFields(n++) }, [photo], ACTOR)
      times.push(performance.now() - begunMs)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const elapsedS = (performance.now() - startedMs) / 1_000
  const { user, system } = process.cpuUsage(startedCpu)
  const cpuMs = (user + system) / 1_000 / times.length
  times.sort((a, b) => a - b)
  return { cpuMs, perSecond: times.length / elapsedS, p50: percentile(times, 0.5), p95: percentile(times, 0.95) }
}

async function fill(records: Records): Promise<number> {
  const startedMs = performance.now()
  const { total } = await records.people.listPeople('', { page: 1, pageSize: 1 })
  const people = Array.from({ length: PEOPLE - total }, (_, n) => ({
    subject: { classId: null, fields: personFields(n) },
    images: [{ ...image(), crop: null }],
  }))
  for (let start = 0; start < people.length; start += 500)
    await records.people.enrolMany(people.slice(start, start + 500), ACTOR)
  return people.length / ((performance.now() - startedMs) / 1_000)
}

async function searches(records: Records): Promise<Record<string, string>> {
  const row: Record<string, string> = {}
  const all: number[] = []
  for (const text of SEARCH_TEXTS) {
    const times: number[] = []
    for (let n = 0; n < SEARCHES; n++) {
      const begunMs = performance.now()
      await records.people.listPeople(text, { page: 1 + (n % 5), pageSize: 15 })
      times.push(performance.now() - begunMs)
    }
    all.push(...times)
    times.sort((a, b) => a - b)
    row[`list "${text}" p95 ms`] = percentile(times, 0.95).toFixed(1)
  }
  all.sort((a, b) => a - b)
  return { ...row, 'list of all p95 ms': percentile(all, 0.95).toFixed(1) }
}

async function templates(records: Records): Promise<number> {
  const startedMs = performance.now()
  let rows = 0
  for await (const page of records.templates.templates(MODEL, 2_000)) rows += page.length
  return rows / ((performance.now() - startedMs) / 1_000)
}

async function measure(url: string, dataDir: string): Promise<Record<string, string>> {
  const records = await openRecords({ url, dataDir, clock: () => new Date() })
  try {
    await enrolments(records, 1)
    const one = await enrolments(records, 1)
    const many = await enrolments(records, 16)
    const imported = await fill(records)
    const listed = await searches(records)
    const begunMs = performance.now()
    await records.backup()
    const backupS = (performance.now() - begunMs) / 1_000
    return {
      'enrol, 1 client: p50 ms': one.p50.toFixed(2),
      'enrol, 1 client: per second': one.perSecond.toFixed(0),
      'enrol, 16 clients: per second': many.perSecond.toFixed(0),
      'enrol, 16 clients: CPU-ms of Node each': many.cpuMs.toFixed(2),
      'enrol, 16 clients: p95 ms': many.p95.toFixed(1),
      'import: people and templates per second': imported.toFixed(0),
      ...listed,
      'templates read per second': (await templates(records)).toFixed(0),
      'backup s': backupS.toFixed(1),
      'audit chain sound': String((await records.audit.verify()).faults.length === 0),
    }
  } finally {
    await records.close()
  }
}

const folder = await mkdtemp(join(tmpdir(), 'nhandien-bench-records-'))
const server = await MariadbServer.start({ durable: true })
try {
  const sqlite = await measure(join(folder, 'records.sqlite'), folder)
  const mariadb = await measure(await server.createDatabase('bench'), folder)
  console.log(`People: ${PEOPLE}, dimension ${DIMENSION}, crops of ${CROP_BYTES} bytes`)
  console.table(
    Object.fromEntries(Object.keys(sqlite).map((what) => [what, { sqlite: sqlite[what], mariadb: mariadb[what] }])),
  )
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
