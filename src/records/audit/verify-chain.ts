import type { AuditVerdict } from '../../domain/audit-records.ts'
import type { AuditTable } from '../tables.ts'
import { FIRST_HASH, hashOfDetails, hashOfRow } from './audit-row.ts'

/** Enough to see what happened; a log that was rewritten altogether has a fault in every row. */
const FAULTS_MAX = 1_000

/**
 * Checks that each row follows the one before it and is what was written. A row that was changed *and* hashed anew is
 * found too, because the row after it still names the old hash.
 * @param pages all rows, oldest first
 * @param rowsWritten ids up to here were given out at the least
 */
export async function verifyChain(
  pages: AsyncIterable<readonly AuditTable[]>,
  rowsWritten: number,
): Promise<AuditVerdict> {
  const faults = new Map<number, AuditVerdict['faults'][number]>()
  const note = (id: number, problem: 'missing' | 'changed' | 'erased-without-cause') => {
    if (faults.size < FAULTS_MAX && !faults.has(id)) faults.set(id, { id, problem })
  }
  /** Rows without details by the person they concern, until the erasure that explains them is seen. */
  const erased = new Map<number | null, number[]>()
  let rows = 0
  let previous = { id: 0, hash: FIRST_HASH }
  for await (const page of pages)
    for (const row of page) {
      for (let id = previous.id + 1; id < row.audit_id && faults.size < FAULTS_MAX; id++) note(id, 'missing')
      const follows = previous.id + 1 === row.audit_id
      if (hashOfRow(row) !== row.hash) note(row.audit_id, 'changed')
      else if (follows && row.previous_hash !== previous.hash) note(Math.max(1, previous.id), 'changed')
      if (row.details === null || row.details_salt === null)
        erased.set(row.class_id, [...(erased.get(row.class_id) ?? []), row.audit_id])
      else if (hashOfDetails(row.details_salt, row.details) !== row.details_hash) note(row.audit_id, 'changed')
      explain(erased, row)
      rows += 1
      previous = { id: row.audit_id, hash: row.hash }
    }
  for (let id = previous.id + 1; id <= rowsWritten && faults.size < FAULTS_MAX; id++) note(id, 'missing')
  for (const ids of erased.values()) for (const id of ids) note(id, 'erased-without-cause')
  const inOrder = [...faults.values()].sort((a, b) => a.id - b.id)
  return { rows, headHash: rows === 0 ? null : previous.hash, faults: inOrder }
}

/** Whoever ends, removed or merged, takes the details of earlier rows about them along; a reset those about everybody. */
function explain(erased: Map<number | null, number[]>, row: AuditTable): void {
  const before = (ids: readonly number[]) => ids.filter((id) => id >= row.audit_id)
  if (row.action === 'remove-person' || row.action === 'merge-people') {
    const left = before(erased.get(row.class_id) ?? [])
    if (left.length === 0) erased.delete(row.class_id)
    else erased.set(row.class_id, left)
  }
  if (row.action === 'reset' && row.target === 'everything')
    for (const classId of [...erased.keys()]) if (classId !== null) erased.delete(classId)
}
