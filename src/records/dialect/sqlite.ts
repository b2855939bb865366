import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import type { DatabaseDialect, Failure } from './dialect.ts'

/** How long a statement waits for another process; it blocks the event loop, so the rest is waited for outside. */
const BUSY_TIMEOUT_MS = 200
const PAGE_CACHE_KIB = 64 * 1024

/** @param file path of the database file; it and its folder are made where missing */
export function sqliteDatabase(file: string): DatabaseDialect {
  return {
    name: 'sqlite',
    indexesInTables: false,
    blocksEventLoop: true,
    text: (length) => sql.raw(`varchar(${length})`),
    searchedText: (length) => sql.raw(`varchar(${length})`),
    bigint: sql`integer`,
    blob: sql`blob`,
    longText: sql`text`,
    tableOptions: sql``,

    async connect() {
      await mkdir(dirname(file), { recursive: true })
      const database = new BetterSqlite(file, { timeout: BUSY_TIMEOUT_MS })
      database.pragma('journal_mode = WAL')
      // An acknowledged write survives a power cut, not only a crash of the process.
      database.pragma('synchronous = FULL')
      database.pragma('foreign_keys = ON')
      // What is deleted is overwritten: erased people leave no bytes behind in free pages.
      database.pragma('secure_delete = ON')
      database.pragma(`cache_size = -${PAGE_CACHE_KIB}`)
      return kyselyOf(database)
    },

    pool: () => null,

    async connectForSnapshot() {
      return kyselyOf(new BetterSqlite(file, { readonly: true, timeout: BUSY_TIMEOUT_MS }))
    },

    classify,

    async takeNumbers(db, name, count) {
      const { rows } = await sql<{
        n: number
      }>`update counter set n = n + ${count} where name = ${name} returning n`.execute(db)
      const [row] = rows
      if (row === undefined) throw new Error(`The counter ${name} is missing`)
      return row.n
    },

    async forgetDeleted(db) {
      // Deleted rows are overwritten in the file itself, but stand in the write-ahead log until that begins anew.
      await sql`pragma wal_checkpoint(truncate)`.execute(db)
    },

    async hasIndex(db, _table, index) {
      const { rows } = await sql`select 1 from sqlite_master where type = 'index' and name = ${index}`.execute(db)
      return rows.length > 0
    },
  }
}

function kyselyOf(database: BetterSqlite.Database): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
}

function classify(error: unknown): Failure {
  if (!(error instanceof BetterSqlite.SqliteError)) return 'fault'
  const { code } = error
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'conflict'
  // A foreign key that fails means that the row it points to went meanwhile.
  if (code === 'SQLITE_CONSTRAINT_FOREIGNKEY') return 'conflict'
  if (code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE') return 'duplicate'
  const unusable = [
    'SQLITE_CANTOPEN',
    'SQLITE_FULL',
    'SQLITE_IOERR',
    'SQLITE_READONLY',
    'SQLITE_NOTADB',
    'SQLITE_CORRUPT',
  ]
  return unusable.some((prefix) => code.startsWith(prefix)) ? 'lost' : 'fault'
}
