import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { type DatabaseConnection, type Driver, Kysely, SqliteDialect, SqliteDriver, sql } from 'kysely'
import type { Tables } from '../tables.ts'
import type { DatabaseDialect, Failure } from './dialect.ts'

/** How long a statement waits for another process; it blocks the event loop, so the rest is waited for outside. */
const BUSY_TIMEOUT_MS = 200
const PAGE_BYTES = 8_192
/** Enough for what leads to a million templates, and to list a hundred thousand people as quickly as 64 MiB do. */
const PAGE_CACHE_KIB = 8 * 1024

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
      // A new file is its owner's alone, whatever folder it lies in; SQLite gives its other files the same rights.
      await (await open(file, 'a', 0o600)).close()
      const database = new BetterSqlite(file, { timeout: BUSY_TIMEOUT_MS })
      // Of a new file alone: a template of 512 values takes just more than half a page of the usual 4 KiB.
      database.pragma(`page_size = ${PAGE_BYTES}`)
      database.pragma('journal_mode = WAL')
      // An acknowledged write survives a power cut, not only a crash of the process.
      database.pragma('synchronous = FULL')
      database.pragma('foreign_keys = ON')
      // What is deleted is overwritten: erased people leave no bytes behind in free pages.
      database.pragma('secure_delete = ON')
      database.pragma(`cache_size = -${PAGE_CACHE_KIB}`)
      // Whoever was killed may have left the log with rows that were deleted since.
      database.pragma('wal_checkpoint(truncate)')
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

    // Deleted rows are overwritten in the file itself, but stand in the write-ahead log until that begins anew, which
    // it can't while somebody reads from it.
    forgetDeleted: (db) =>
      db.connection().execute(async (connection) => {
        await sql`pragma busy_timeout = 0`.execute(connection)
        const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(connection)
        await sql`pragma busy_timeout = ${sql.lit(BUSY_TIMEOUT_MS)}`.execute(connection)
        return rows[0]?.busy === 0
      }),

    async hasIndex(db, _table, index) {
      const { rows } = await sql`select 1 from sqlite_master where type = 'index' and name = ${index}`.execute(db)
      return rows.length > 0
    },
  }
}

function kyselyOf(database: BetterSqlite.Database): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new Dialect(database) })
}

class Dialect extends SqliteDialect {
  readonly #database: BetterSqlite.Database

  constructor(database: BetterSqlite.Database) {
    super({ database })
    this.#database = database
  }

  override createDriver(): Driver {
    return new TransactionDriver(this.#database)
  }
}

class TransactionDriver extends SqliteDriver {
  readonly #database: BetterSqlite.Database

  constructor(database: BetterSqlite.Database) {
    super({ database })
    this.#database = database
  }

  /** On a full disk or a broken one SQLite has undone the transaction itself; a second time would hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
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
