import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import { type RawBuilder, sql } from 'kysely'
import type { BackupProgress } from '../../domain/backup.ts'
import type { Clock } from '../../domain/clock.ts'
import type { FileSeal } from '../../domain/encryption.ts'
import { Refusal } from '../../domain/errors.ts'
import type { Queries } from '../database.ts'
import type { DatabaseDialect } from '../dialect/dialect.ts'
import { SCHEMA_NAMES } from '../migrations/migrate.ts'
import { backupName } from './backup-folder.ts'
import { DUMP_FORMAT, DUMP_TABLES, DUMP_VERSION, type DumpTable } from './dump-format.ts'
import { LineHash } from './line-hash.ts'
import { verifyBackup } from './read-backup.ts'

/** Vectors and photos hardly shrink; more effort only takes longer. */
const GZIP_LEVEL = 1

export interface BackupTarget {
  readonly folder: string
  readonly clock: Clock
  /** Null leaves the file as readable as the database. */
  readonly seal: FileSeal | null
}

/**
 * Writes everything, as of one moment, to a new file in the folder and reads it back before it gets its name.
 * @returns the file's name
 * @throws Refusal `not-ready` where the database or the folder can't be used; then there is no new file
 */
export async function writeBackup(
  dialect: DatabaseDialect,
  { folder, clock, seal }: BackupTarget,
  onProgress: BackupProgress = () => undefined,
): Promise<string> {
  const at = clock()
  const path = join(folder, backupName(at, randomUUID().slice(0, 8), seal !== null))
  const unfinished = `${path}.tmp`
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await dump(dialect, unfinished, at, seal, (done, total) => onProgress('write', done, total))
    await verifyBackup({ path: unfinished, seal, onProgress: (done, total) => onProgress('check', done, total) })
    await syncToDisk(unfinished)
    await rename(unfinished, path)
    await syncToDisk(folder)
    return basename(path)
  } catch (error) {
    // Where the folder itself is in the way there is nothing to remove.
    await rm(unfinished, { force: true }).catch(() => undefined)
    throw new Refusal('not-ready', { part: 'backup' }, { cause: error })
  }
}

type RowProgress = (done: number, total: number) => void

async function dump(
  dialect: DatabaseDialect,
  path: string,
  at: Date,
  seal: FileSeal | null,
  onProgress: RowProgress,
): Promise<void> {
  const db = await dialect.connectForSnapshot()
  try {
    await db
      .transaction()
      .execute((tx) =>
        pipeline(
          textOf(tx, at, onProgress),
          createGzip({ level: GZIP_LEVEL }),
          seal?.seal ?? asItIs,
          createWriteStream(path, { mode: 0o600, flags: 'wx' }),
        ),
      )
  } finally {
    await db.destroy()
  }
}

async function* asItIs(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* bytes
}

/** The backup's text in pieces of whole lines. */
async function* textOf(tx: Queries, at: Date, onProgress: RowProgress): AsyncGenerator<string> {
  const total = await countRows(tx)
  let done = 0
  const hash = new LineHash()
  const lines = (values: readonly unknown[]) => {
    const text = values.map((value) => `${JSON.stringify(value)}\n`)
    for (const line of text) hash.add(line)
    return text.join('')
  }
  yield lines([{ format: DUMP_FORMAT, version: DUMP_VERSION, schema: SCHEMA_NAMES.at(-1), at: at.toISOString() }])
  for (const table of DUMP_TABLES) {
    yield lines([{ table: table.name, columns: table.columns }])
    for await (const page of pagesOf(tx, table)) {
      // SQLite reads on the event loop, which others need too.
      await setImmediate()
      yield lines(page)
      done += page.length
      onProgress(done, total)
    }
  }
  yield `${JSON.stringify({ end: hash.end() })}\n`
}

async function countRows(tx: Queries): Promise<number> {
  let rows = 0
  for (const { name } of DUMP_TABLES) {
    const counted = await sql<{ n: number }>`select count(*) as n from ${sql.table(name)}`.execute(tx)
    rows += counted.rows[0]?.n ?? 0
  }
  return rows
}

/** Pages, each after the last key of the one before, so that no statement holds all of a table. */
async function* pagesOf(tx: Queries, table: DumpTable): AsyncGenerator<readonly (readonly unknown[])[]> {
  const columns = sql.join(table.columns.map((column) => sql.ref(column)))
  const order = sql.join(table.key.map((column) => sql.ref(column)))
  for (let last: readonly unknown[] | null = null; ; ) {
    const page: readonly Record<string, unknown>[] = (
      await sql<Record<string, unknown>>`select ${columns} from ${sql.table(table.name)}
        ${last === null ? sql`` : sql`where ${after(table.key, last)}`}
        order by ${order} limit ${table.rowsPerPage}`.execute(tx)
    ).rows
    yield page.map((row) => table.columns.map((column) => plain(row[column])))
    const end = page[page.length - 1]
    if (end === undefined || page.length < table.rowsPerPage) return
    last = table.key.map((column) => end[column])
  }
}

function after(key: readonly string[], last: readonly unknown[]): RawBuilder<unknown> {
  const [column, ...columns] = key
  const [value, ...values] = last
  if (column === undefined) return sql`1 = 0`
  return sql`(${sql.ref(column)} > ${value} or (${sql.ref(column)} = ${value} and ${after(columns, values)}))`
}

function plain(value: unknown): unknown {
  return Buffer.isBuffer(value) ? value.toString('base64') : value
}

async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
