import { sql } from 'kysely'
import { type AuditEntry, chainedRow, FIRST_HASH } from './audit/audit-row.ts'
import type { Database, Queries } from './database.ts'
import type { ChangeLogTable } from './tables.ts'

/** A change-log row before it has its revision. */
export type Change = Omit<ChangeLogTable, 'revision'>

const CHANGES_PER_STATEMENT = 200

export function putChange(imageId: number, classId: number): Change {
  return { kind: 'put', image_id: imageId, class_id: classId }
}

/**
 * Ends every write: numbers its changes and its audit row in the order of commits and stores them. Updating the
 * ledger's row makes all later writers wait until this transaction ends, so this comes last, right before the commit.
 * Answers with the newest revision.
 */
export async function enterInLedger(
  tx: Queries,
  database: Database,
  changes: readonly Change[],
  entry: AuditEntry,
): Promise<number> {
  await tx
    .updateTable('ledger')
    .set({ revision: sql`revision + ${changes.length}`, audit_id: sql`audit_id + 1` })
    .where('id', '=', 1)
    .execute()
  const { revision, audit_id, hash } = await tx
    .selectFrom('ledger')
    .leftJoin('audit', (join) => join.on('audit.audit_id', '=', sql<number>`ledger.audit_id - 1`))
    .select(['ledger.revision', 'ledger.audit_id', 'audit.hash'])
    .where('ledger.id', '=', 1)
    .executeTakeFirstOrThrow()
  const first = revision - changes.length + 1
  for (let start = 0; start < changes.length; start += CHANGES_PER_STATEMENT)
    await tx
      .insertInto('change_log')
      .values(
        changes
          .slice(start, start + CHANGES_PER_STATEMENT)
          .map((change, index) => ({ revision: first + start + index, ...change })),
      )
      .execute()
  await tx
    .insertInto('audit')
    .values(chainedRow(entry, audit_id, database.nowMs(), hash ?? FIRST_HASH))
    .execute()
  return revision
}
