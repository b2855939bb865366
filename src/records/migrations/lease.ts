import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { Refusal } from '../../domain/errors.ts'
import type { Database } from '../database.ts'

/** A holder that died is replaced after this long; one that lives renews well before. */
export const LEASE_MS = 30_000
const RENEW_EVERY_MS = 10_000
const POLL_MS = 50
const WAIT_MAX_MS = 10 * 60_000

/**
 * Does work that only one of several nodes may do at a time; the others wait for it. One row under a unique key is the
 * lease, because a database's own named locks are known to one node of a cluster only.
 * @throws Refusal `not-ready` where another node holds the lease for too long
 */
export async function underLease<T>(database: Database, work: () => Promise<T>): Promise<T> {
  await database.read((db) =>
    sql`create table if not exists migration_lease (id integer not null primary key, holder varchar(36) not null,
      expires_at ${database.dialect.bigint} not null) ${database.dialect.tableOptions}`.execute(db),
  )
  const holder = randomUUID()
  await acquire(database, holder)
  const renewal = setInterval(() => {
    // A renewal that fails is tried again at the next turn; the lease outlasts two of them.
    renew(database, holder).catch(() => undefined)
  }, RENEW_EVERY_MS)
  try {
    return await work()
  } finally {
    clearInterval(renewal)
    await database.read((db) => sql`delete from migration_lease where holder = ${holder}`.execute(db))
  }
}

async function acquire(database: Database, holder: string): Promise<void> {
  const deadline = Date.now() + WAIT_MAX_MS
  while (!(await tryAcquire(database, holder))) {
    if (Date.now() > deadline) throw new Refusal('not-ready', { part: 'migration', reason: 'held by another node' })
    await sleep(POLL_MS)
  }
}

async function tryAcquire(database: Database, holder: string): Promise<boolean> {
  const now = Date.now()
  await database.read((db) => sql`delete from migration_lease where expires_at < ${now}`.execute(db))
  try {
    await database.read((db) =>
      sql`insert into migration_lease (id, holder, expires_at) values (1, ${holder}, ${now + LEASE_MS})`.execute(db),
    )
    return true
  } catch (error) {
    if (database.dialect.classify(error) === 'duplicate') return false
    throw error
  }
}

async function renew(database: Database, holder: string): Promise<void> {
  const expiresAt = Date.now() + LEASE_MS
  await database.read((db) =>
    sql`update migration_lease set expires_at = ${expiresAt} where holder = ${holder}`.execute(db),
  )
}
