import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
