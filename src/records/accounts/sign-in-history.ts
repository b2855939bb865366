import { createHash } from 'node:crypto'
import { networkOf } from '../../domain/account.ts'
import { LOCK_MS_MAX, type SignInFailures, type SignInHistory, type SignInLocks } from '../../domain/account-records.ts'
import type { Queries } from '../database.ts'
import { fold } from '../search-key.ts'
import type { SignInHistoryTable } from '../tables.ts'

/** A failure older than this counts no more. */
export const FAILURES_KEPT_MS = 24 * 3_600_000
/** How long an address stays one that the account is known to sign in from. */
export const PAIRS_KEPT_MS = 90 * 24 * 3_600_000

interface Subject {
  readonly kind: keyof SignInHistory
  readonly hash: string
  readonly accountHash: string | null
}

/** Account, address and pair, always in this order, in which they are locked too. */
function subjectsOf(username: string, address: string | null): readonly Subject[] {
  const account = accountHash(username)
  const subjects: Subject[] = [{ kind: 'account', hash: account, accountHash: null }]
  if (address === null) return subjects
  const network = networkOf(address)
  const pair = sha256(JSON.stringify([account, network]))
  return [
    ...subjects,
    { kind: 'address', hash: sha256(network), accountHash: null },
    { kind: 'pair', hash: pair, accountHash: account },
  ]
}

export function accountHash(username: string): string {
  return sha256(fold(username))
}

export async function readHistory(
  db: Queries,
  username: string,
  address: string | null,
  nowMs: number,
): Promise<SignInHistory> {
  const subjects = subjectsOf(username, address)
  const rows = await db
    .selectFrom('sign_in_history')
    .selectAll()
    .where(
      'subject_hash',
      'in',
      subjects.map(({ hash }) => hash),
    )
    .execute()
  const rowOf = (kind: string) => rows.find((row) => row.kind === kind)
  const lastGoodAt = rowOf('pair')?.last_good_at ?? null
  return {
    account: failuresOf(rowOf('account'), nowMs),
    address: failuresOf(rowOf('address'), nowMs),
    pair: { ...failuresOf(rowOf('pair'), nowMs), lastGoodAt: lastGoodAt === null ? null : new Date(lastGoodAt) },
  }
}

export async function countFailure(
  tx: Queries,
  username: string,
  address: string | null,
  locks: SignInLocks,
  nowMs: number,
): Promise<void> {
  for (const subject of subjectsOf(username, address)) {
    const row = await lockRow(tx, subject)
    const failures = failuresOf(row, nowMs).count + 1
    // A lock is never cut short by a further failure.
    const lockedUntil = Math.max(locks[subject.kind]?.getTime() ?? 0, lockOf(row, nowMs) ?? 0) || null
    await tx
      .updateTable('sign_in_history')
      .set({ failures, last_failed_at: nowMs, locked_until: lockedUntil })
      .where('kind', '=', subject.kind)
      .where('subject_hash', '=', subject.hash)
      .execute()
  }
}

export async function noteGoodSignIn(
  tx: Queries,
  username: string,
  address: string | null,
  nowMs: number,
): Promise<void> {
  const pair = subjectsOf(username, address).find(({ kind }) => kind === 'pair')
  if (pair === undefined) return
  await lockRow(tx, pair)
  await tx
    .updateTable('sign_in_history')
    .set({ failures: 0, last_failed_at: null, locked_until: null, last_good_at: nowMs })
    .where('kind', '=', pair.kind)
    .where('subject_hash', '=', pair.hash)
    .execute()
}

/** Forgets failures and locks of the account from wherever they came. */
export async function forgetAccount(tx: Queries, username: string): Promise<void> {
  const hash = accountHash(username)
  await tx
    .updateTable('sign_in_history')
    .set({ failures: 0, last_failed_at: null, locked_until: null })
    .where((of) =>
      of.or([of.and([of('kind', '=', 'account'), of('subject_hash', '=', hash)]), of('account_hash', '=', hash)]),
    )
    .execute()
}

export async function purgeHistory(tx: Queries, nowMs: number): Promise<void> {
  await tx
    .deleteFrom('sign_in_history')
    .where((of) => of.or([of('last_failed_at', 'is', null), of('last_failed_at', '<', nowMs - FAILURES_KEPT_MS)]))
    .where((of) => of.or([of('last_good_at', 'is', null), of('last_good_at', '<', nowMs - PAIRS_KEPT_MS)]))
    .where((of) => of.or([of('locked_until', 'is', null), of('locked_until', '<', nowMs)]))
    .execute()
}

/** Until when accounts are locked, by the hash of their name; of all accounts where none is named. */
export async function accountLocks(db: Queries, nowMs: number, hash?: string): Promise<ReadonlyMap<string, Date>> {
  const rows = await db
    .selectFrom('sign_in_history')
    .select(['subject_hash', 'locked_until'])
    .where('kind', '=', 'account')
    .$if(hash !== undefined, (query) => query.where('subject_hash', '=', hash ?? ''))
    .where('locked_until', '<=', nowMs + LOCK_MS_MAX)
    .execute()
  return new Map(rows.map((row) => [row.subject_hash, new Date(row.locked_until ?? 0)]))
}

/** The subject's row, made where it is missing, which no other write can change until this transaction ends. */
async function lockRow(tx: Queries, { kind, hash, accountHash: account }: Subject): Promise<SignInHistoryTable> {
  const find = () =>
    tx.selectFrom('sign_in_history').selectAll().where('kind', '=', kind).where('subject_hash', '=', hash)
  const { numUpdatedRows } = await tx
    .updateTable('sign_in_history')
    .set({ account_hash: account })
    .where('kind', '=', kind)
    .where('subject_hash', '=', hash)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n)
    await tx
      .insertInto('sign_in_history')
      .values({ kind, subject_hash: hash, account_hash: account, failures: 0 })
      .execute()
  return await find().executeTakeFirstOrThrow()
}

function failuresOf(row: SignInHistoryTable | undefined, nowMs: number): SignInFailures {
  const lastAt = row?.last_failed_at ?? null
  const recent = lastAt !== null && nowMs - lastAt < FAILURES_KEPT_MS
  const lockedUntil = lockOf(row, nowMs)
  return {
    count: recent ? (row?.failures ?? 0) : 0,
    lastAt: recent ? new Date(lastAt) : null,
    lockedUntil: lockedUntil === null ? null : new Date(lockedUntil),
  }
}

/** A lock longer than any is one that was made before the clock was set back, and is none. */
function lockOf(row: SignInHistoryTable | undefined, nowMs: number): number | null {
  const until = row?.locked_until ?? null
  return until === null || until > nowMs + LOCK_MS_MAX ? null : until
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
