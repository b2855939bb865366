import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '../../domain/account.ts'
import type { AuditAction, AuditRow } from '../../domain/audit-records.ts'
import type { AuditTable } from '../tables.ts'

/** What the audit log is told of a write. */
export interface AuditEntry {
  readonly action: AuditAction
  readonly target: string | null
  /** The person concerned: erasing the person erases the details of this row. */
  readonly classId?: number
  readonly outcome?: 'done' | 'refused'
  /** Ids, counts, before and after of edits; never passwords, tokens, templates or images. */
  readonly details: Readonly<Record<string, unknown>>
  readonly actor: Actor
}

/** The hash before the first row. */
export const FIRST_HASH = '0'.repeat(64)

const USERNAME_LENGTH_MAX = 50
const ORIGIN_LENGTH_MAX = 100
const SALT_BYTES = 16

/** Rows with consecutive ids, each chained to the one before. */
export function chainedRows(
  entries: readonly AuditEntry[],
  firstId: number,
  atMs: number,
  previousHash: string,
): readonly AuditTable[] {
  let previous = previousHash
  return entries.map((entry, index) => {
    const row = chainedRow(entry, firstId + index, atMs, previous)
    previous = row.hash
    return row
  })
}

/**
 * The row that follows the one with `previousHash`. The hash covers the details through a salted hash of their own, so
 * that the details of an erased person can go without breaking the chain and without being guessable from it.
 */
function chainedRow(entry: AuditEntry, id: number, atMs: number, previousHash: string): AuditTable {
  const details = JSON.stringify(entry.details)
  const salt = randomBytes(SALT_BYTES).toString('hex')
  const row = {
    audit_id: id,
    at: atMs,
    username: cut(entry.actor.username, USERNAME_LENGTH_MAX),
    action: entry.action,
    target: cut(entry.target, ORIGIN_LENGTH_MAX),
    class_id: entry.classId ?? null,
    outcome: entry.outcome ?? 'done',
    address: cut(entry.actor.address, ORIGIN_LENGTH_MAX),
    request_id: cut(entry.actor.requestId, ORIGIN_LENGTH_MAX),
    details,
    details_salt: salt,
    details_hash: hashOfDetails(salt, details),
    previous_hash: previousHash,
  }
  return { ...row, hash: hashOfRow(row) }
}

/** SHA-256, hex, of the row's canonical form: a JSON array of its columns in a fixed order. */
export function hashOfRow(row: Omit<AuditTable, 'hash' | 'details' | 'details_salt'>): string {
  const canonical = [
    row.previous_hash,
    row.audit_id,
    row.at,
    row.username,
    row.action,
    row.target,
    row.class_id,
    row.outcome,
    row.address,
    row.request_id,
    row.details_hash,
  ]
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex')
}

export function hashOfDetails(salt: string, details: string): string {
  return createHash('sha256').update(salt).update(details).digest('hex')
}

export function readAuditRow(row: AuditTable): AuditRow {
  return {
    id: row.audit_id,
    at: new Date(row.at),
    username: row.username,
    action: row.action,
    target: row.target,
    address: row.address,
    requestId: row.request_id,
    outcome: row.outcome === 'refused' ? 'refused' : 'done',
    details: readDetails(row.details),
  }
}

function readDetails(text: string | null): Readonly<Record<string, unknown>> {
  if (text === null) return {}
  const details: unknown = JSON.parse(text)
  return typeof details === 'object' && details !== null ? { ...details } : {}
}

/** Whole code points that the column and the hash hold alike: what no UTF-8 can say is replaced first. */
function cut(text: string | null, lengthMax: number): string | null {
  return text === null ? null : [...Buffer.from(text, 'utf8').toString('utf8')].slice(0, lengthMax).join('')
}
