import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Actor } from '../../domain/account.ts'
import type { Database, Queries } from '../database.ts'
import { enterInLedger } from '../ledger.ts'
import { adoptRows } from '../migrations/adopt-rows.ts'
import { migrate } from '../migrations/migrate.ts'
import type { DumpTable } from './dump-format.ts'
import { type BackupFile, readBackup, verifyBackup } from './read-backup.ts'

/** Nothing is restored over data: the database to restore into has to be empty. */
export class DatabaseNotEmpty extends Error {
  override readonly name = 'DatabaseNotEmpty'
}

/** Rows that migrations put into an empty database, which the backup has too. */
const FIRST_ROWS = ['counter', 'ledger'] as const

/**
 * Restores a backup into an empty database of any kind, in one transaction. Revisions go on from where the backup
 * was, in a history of a new name, so that nothing derived from the old one is taken for this one's.
 * @throws BackupUnsound; DatabaseNotEmpty; Refusal `not-ready`
 */
export async function restoreBackup(database: Database, file: BackupFile, actor: Actor): Promise<{ rows: number }> {
  const rows = await verifyBackup({ path: file.path, seal: file.seal })
  await migrate(database)
  await database.write(async (tx) => {
    await refuseUnlessEmpty(tx)
    for (const table of FIRST_ROWS) await tx.deleteFrom(table).execute()
    let waiting: (readonly unknown[])[] = []
    let table: DumpTable | null = null
    const store = async () => {
      if (table !== null && waiting.length > 0) await insert(tx, table, waiting)
      waiting = []
    }
    for await (const row of readBackup(file)) {
      if (row.table !== table || waiting.length >= row.table.rowsPerInsert) await store()
      table = row.table
      waiting.push(row.values)
    }
    await store()
    await tx.updateTable('ledger').set({ history: randomUUID() }).where('id', '=', 1).execute()
    await enterInLedger(tx, database, [], { action: 'restore', target: null, details: { rows }, actor })
  })
  // Roles were stored, so none has to be adopted; search keys were not.
  await adoptRows(database, 'viewer')
  return { rows }
}

async function refuseUnlessEmpty(tx: Queries): Promise<void> {
  for (const table of ['nguoi', 'taikhoan', 'image', 'audit'] as const) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(tx)
    if (rows.length > 0)
      throw new DatabaseNotEmpty(
        `The database to restore into is not empty (its table ${table} has rows): name a new one with --into or DATABASE_URL`,
      )
  }
}

async function insert(tx: Queries, table: DumpTable, rows: readonly (readonly unknown[])[]): Promise<void> {
  const columns = sql.join(table.columns.map((column) => sql.ref(column)))
  const values = rows.map(
    (row) => sql`(${sql.join(row.map((value, index) => stored(table, table.columns[index], value)))})`,
  )
  await sql`insert into ${sql.table(table.name)} (${columns}) values ${sql.join(values)}`.execute(tx)
}

function stored(table: DumpTable, column: string | undefined, value: unknown): unknown {
  const isBytes = column !== undefined && table.bytes.includes(column)
  return isBytes && typeof value === 'string' ? Buffer.from(value, 'base64') : value
}
