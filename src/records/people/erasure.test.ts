import { readFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ACTOR, fieldsOf, imageOf } from '../../../test/records/samples.ts'
import { openRecords } from '../open-records.ts'

const NAME = 'Người Sắp Bị Xóa'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhandien-erasure-'))
})
afterAll(async () => await rm(folder, { recursive: true }))

const open = (file: string) => openRecords({ url: file, dataDir: folder, clock: () => new Date() })
const traces = (file: string) => ['', '-wal'].filter((end) => readFileSync(`${file}${end}`).includes(NAME))

/** A connection in the middle of reading, as a backup is. */
function reader(file: string): BetterSqlite.Database {
  const database = new BetterSqlite(file, { readonly: true })
  database.exec('begin')
  database.prepare('select count(*) from nguoi').get()
  return database
}

describe('what SQLite keeps of somebody who was removed', () => {
  it('goes as soon as nobody reads it any more', async () => {
    const file = join(folder, 'read.sqlite')
    const records = await open(file)
    await records.people.enrol({ classId: 1, fields: fieldsOf(NAME) }, [imageOf(1)], ACTOR)
    const backup = reader(file)
    await records.people.removePerson(1, ACTOR)
    expect(traces(file)).toEqual(['-wal'])
    backup.close()
    await vi.waitFor(() => expect(traces(file)).toEqual([]), { timeout: 20_000, interval: 50 })
    await records.close()
  })

  it('goes at the next start at the latest', async () => {
    const file = join(folder, 'killed.sqlite')
    const records = await open(file)
    await records.people.enrol({ classId: 1, fields: fieldsOf(NAME) }, [imageOf(1)], ACTOR)
    const backup = reader(file)
    await records.people.removePerson(1, ACTOR)
    // With the reader there the log outlives its writer, as it does when that is killed.
    await records.close()
    expect(traces(file)).toEqual(['-wal'])
    backup.close()
    const again = await open(file)
    expect(traces(file)).toEqual([])
    await again.close()
  })
})

it.skipIf(process.platform === 'win32')(
  'a new database is its owner’s alone (skipped on Windows, which has no such modes)',
  async () => {
    const file = join(folder, 'new.sqlite')
    const records = await open(file)
    for (const end of ['', '-wal', '-shm']) expect((await stat(`${file}${end}`)).mode & 0o777, end).toBe(0o600)
    await records.close()
  },
)
