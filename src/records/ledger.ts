import { sql } from 'kysely'
import { type AuditEntry, chainedRows, FIRST_HASH } from './audit/audit-row.ts'
import type { Database, Queries } from './database.ts'
import { inPieces } from './in-pieces.ts'
import type { ChangeLogTable } from './tables.ts'

/** A change-log row before it has its revision. */
export type Change = Omit<ChangeLogTable, 'revision'>

const ROWS_PER_STATEMENT = 200

export function putChange(imageId: number, classId: number): Change {
  return { kind: 'put', image_id: imageId, class_id: classId }
}

/**
 * Ends every write: numbers its changes and its audit row in the order of commits and stores them. Updating the
 * ledger's row makes all later writers wait until this transaction ends, so this comes last, right before the commit.
 * Answers with the newest revision.
 */
export function enterInLedger(
  tx: Queries,
  database: Database,
  changes: readonly Change[],
  entry: AuditEntry,
): Promise<number> {
  return enterAllInLedger(tx, database, changes, [entry])
}

/** @param entries at least one */
export async function enterAllInLedger(
  tx: Queries,
  database: Database,
  changes: readonly Change[],
  entries: readonly AuditEntry[],
): Promise<number> {
  await tx
    .updateTable('ledger')
    .set({ revision: sql`revision + ${changes.length}`, audit_id: sql`audit_id + ${entries.length}` })
    .where('id', '=', 1)
    .execute()
  const { revision, audit_id, hash } = await tx
    .selectFrom('ledger')
    .leftJoin('audit', (join) => join.on('audit.audit_id', '=', sql<number>`ledger.audit_id - ${entries.length}`))
    .select(['ledger.revision', 'ledger.audit_id', 'audit.hash'])
    .where('ledger.id', '=', 1)
    .executeTakeFirstOrThrow()
  const first = revision - changes.length + 1
  const numbered = changes.map((change, index) => ({ revision: first + index, ...change }))
  for (const some of inPieces(numbered, ROWS_PER_STATEMENT)) await tx.insertInto('change_log').values(some).execute()
  const rows = chainedRows(entries, audit_id - entries.length + 1, database.nowMs(), hash ?? FIRST_HASH)
  for (const some of inPieces(rows, ROWS_PER_STATEMENT)) await tx.insertInto('audit').values(some).execute()
  return revision
}
