import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MariadbDatabases, mariadbDatabases } from '../../../test/mariadb/mariadb-databases.ts'
import { contents, fill } from '../../../test/records/filled.ts'
import { ACTOR } from '../../../test/records/samples.ts'
import { openRecords, restoreRecords } from '../open-records.ts'

const clock = () => new Date()
let folder = ''
let servers: MariadbDatabases

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhandien-moving-'))
  servers = await mariadbDatabases()
})
afterAll(async () => {
  await servers.close()
  await rm(folder, { recursive: true })
})

test('every row goes from SQLite to MySQL and back unchanged', async () => {
  const urls = [join(folder, 'first.sqlite'), await servers.create(), join(folder, 'last.sqlite')]
  const found: Record<string, unknown>[] = []
  let auditRows = 0
  let path = ''
  for (const url of urls) {
    const config = { url, dataDir: folder, clock }
    if (path !== '') await restoreRecords(config, { path, seal: null }, ACTOR)
    const records = await openRecords(config)
    if (path === '') {
      await fill(records)
      auditRows = (await records.audit.verify()).rows
    }
    expect((await records.audit.verify()).faults).toEqual([])
    path = join(folder, 'backups', await records.backup())
    await records.close()
    found.push(await contents(url, auditRows))
  }
  expect(found[1]).toEqual(found[0])
  expect(found[2]).toEqual(found[0])
})

test('a backup from before a column was added is restored', async () => {
  const config = { url: join(folder, 'newer.sqlite'), dataDir: folder, clock }
  const records = await openRecords(config)
  await fill(records)
  const lines = gunzipSync(await readFile(join(folder, 'backups', await records.backup())))
    .toString()
    .trimEnd()
    .split('\n')
  await records.close()
  const path = join(folder, 'older.jsonl.gz')
  await writeFile(path, gzipSync(asBefore(lines)))
  const target = { ...config, url: join(folder, 'from-older.sqlite') }
  await restoreRecords(target, { path, seal: null }, ACTOR)
  expect(await contents(target.url, 5)).toEqual(await contents(config.url, 5))
})

/** The text as the version before encryption wrote it: without the key of each template and crop. */
function asBefore(lines: readonly string[]): string {
  let keyAt = -1
  const older: string[] = []
  for (const line of lines.slice(0, -1)) {
    const value: { format?: string; table?: string; columns?: string[] } & unknown[] = JSON.parse(line)
    if (value.table === 'encryption') continue
    if (value.columns !== undefined) keyAt = value.columns.indexOf('key_id')
    if (value.format !== undefined) older.push(JSON.stringify({ ...value, schema: '0002-imported-images' }))
    else if (keyAt === -1) older.push(line)
    else if (value.columns !== undefined)
      older.push(JSON.stringify({ ...value, columns: value.columns.toSpliced(keyAt, 1) }))
    else older.push(JSON.stringify(value.toSpliced(keyAt, 1)))
  }
  const text = older.map((line) => `${line}\n`).join('')
  const end = { lines: older.length, sha256: createHash('sha256').update(text).digest('hex') }
  return `${text}${JSON.stringify({ end })}\n`
}
