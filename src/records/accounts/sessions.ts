import type { AccountRecords } from '../../domain/account-records.ts'
import { Refusal } from '../../domain/errors.ts'
import type { Database } from '../database.ts'
import { enterInLedger } from '../ledger.ts'
import { lockAccount, roleOf } from './accounts.ts'
import { countFailure, noteGoodSignIn, purgeHistory, readHistory } from './sign-in-history.ts'

type Sessions = Pick<
  AccountRecords,
  'openSession' | 'refuseSignIn' | 'signInHistory' | 'session' | 'closeSession' | 'closeSessions' | 'purgeSessions'
>

/** How exact "last seen" is: noting every request would make each of them a write. */
const SEEN_EVERY_MS = 60_000

/** Expired sessions are told apart from unknown ones for this long. */
const EXPIRED_KEPT_MS = 7 * 24 * 3_600_000

/** @param idleMs a session that is not used for this long is over; `Infinity` for never */
export function sessionStore(database: Database, idleMs: number): Sessions {
  return {
    openSession: (username, tokenHash, expiresAt, actor) =>
      database.write(
        async (tx) => {
          const nowMs = database.nowMs()
          const account = await lockAccount(tx, username)
          await tx
            .insertInto('session')
            .values({
              token_hash: tokenHash,
              username: account.username,
              created_at: nowMs,
              expires_at: expiresAt.getTime(),
              last_seen_at: nowMs,
            })
            .execute()
          await noteGoodSignIn(tx, account.username, actor.address, nowMs)
          await enterInLedger(tx, database, [], {
            action: 'sign-in',
            target: `account:${account.username}`,
            details: {},
            actor,
          })
        },
        { duplicates: 'repeat' },
      ),

    refuseSignIn: (username, actor, locks = {}) =>
      database.write(
        async (tx) => {
          await countFailure(tx, username, actor.address, locks, database.nowMs())
          await enterInLedger(tx, database, [], {
            action: 'sign-in',
            target: `account:${username}`,
            outcome: 'refused',
            details: locks.account || locks.address || locks.pair ? { locked: true } : {},
            actor,
          })
        },
        { duplicates: 'repeat' },
      ),

    signInHistory: (username, address) => database.read((db) => readHistory(db, username, address, database.nowMs())),

    async session(tokenHash) {
      const row = await database.read((db) =>
        db
          .selectFrom('session')
          .innerJoin('taikhoan', 'taikhoan.username', 'session.username')
          .select([
            'session.username',
            'session.expires_at',
            'session.last_seen_at',
            'taikhoan.role',
            'taikhoan.disabled',
          ])
          .where('token_hash', '=', tokenHash)
          .executeTakeFirst(),
      )
      if (row === undefined || row.disabled === 1) return null
      const nowMs = database.nowMs()
      const expiresMs = Math.min(row.expires_at, row.last_seen_at + idleMs)
      if (nowMs >= expiresMs) throw new Refusal('token-expired')
      if (nowMs - row.last_seen_at >= Math.min(SEEN_EVERY_MS, idleMs / 2))
        await database.read((db) =>
          db.updateTable('session').set({ last_seen_at: nowMs }).where('token_hash', '=', tokenHash).execute(),
        )
      return { username: row.username, role: roleOf(row), expiresAt: new Date(row.expires_at) }
    },

    closeSession: (tokenHash, actor) =>
      database.write(async (tx) => {
        const session = await tx
          .selectFrom('session')
          .select('username')
          .where('token_hash', '=', tokenHash)
          .executeTakeFirst()
        if (session === undefined) return
        await tx.deleteFrom('session').where('token_hash', '=', tokenHash).execute()
        await enterInLedger(tx, database, [], {
          action: 'sign-out',
          target: `account:${session.username}`,
          details: {},
          actor,
        })
      }),

    closeSessions: (username, actor) =>
      database.write(async (tx) => {
        const account = await lockAccount(tx, username)
        const { numDeletedRows } = await tx
          .deleteFrom('session')
          .where('username', '=', account.username)
          .executeTakeFirstOrThrow()
        const sessions = Number(numDeletedRows)
        await enterInLedger(tx, database, [], {
          action: 'account-end-sessions',
          target: `account:${account.username}`,
          details: { sessions },
          actor,
        })
        return sessions
      }),

    purgeSessions: () =>
      database.write(async (tx) => {
        const nowMs = database.nowMs()
        const { numDeletedRows } = await tx
          .deleteFrom('session')
          .where('expires_at', '<', nowMs - EXPIRED_KEPT_MS)
          .executeTakeFirstOrThrow()
        await purgeHistory(tx, nowMs)
        return Number(numDeletedRows)
      }),
  }
}
