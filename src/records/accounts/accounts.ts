import { ROLES, type Role } from '../../domain/account.ts'
import type { AccountRecords, StoredAccount } from '../../domain/account-records.ts'
import { Refusal } from '../../domain/errors.ts'
import type { AuditEntry } from '../audit/audit-row.ts'
import type { Database, Queries } from '../database.ts'
import { enterInLedger } from '../ledger.ts'
import { fold } from '../search-key.ts'
import type { AccountTable } from '../tables.ts'
import { accountHash, accountLocks, forgetAccount } from './sign-in-history.ts'

type Accounts = Omit<
  AccountRecords,
  'openSession' | 'refuseSignIn' | 'signInHistory' | 'session' | 'closeSession' | 'closeSessions' | 'purgeSessions'
>

export function accountStore(database: Database): Accounts {
  const change = (
    username: string,
    entry: Pick<AuditEntry, 'action' | 'details' | 'actor'>,
    work: (tx: Queries, account: AccountTable) => Promise<void>,
  ) =>
    database.write(async (tx) => {
      const account = await lockAccount(tx, username)
      await work(tx, account)
      await enterInLedger(tx, database, [], { ...entry, target: `account:${account.username}` })
    })

  return {
    async count() {
      const { accounts } = await database.read((db) =>
        db
          .selectFrom('taikhoan')
          .select((of) => of.fn.countAll<number>().as('accounts'))
          .executeTakeFirstOrThrow(),
      )
      return accounts
    },

    account: (username) =>
      database.read(async (db) => {
        const row = await findAccount(db, username)
        // Looked up for an unknown name too: the time must not tell whether an account exists.
        const locks = await accountLocks(db, database.nowMs(), accountHash(row?.username ?? username))
        return row === undefined ? null : readAccount(row, locks)
      }),

    list: () =>
      database.read(async (db) => {
        const rows = await db.selectFrom('taikhoan').selectAll().orderBy('username_key').execute()
        const locks = await accountLocks(db, database.nowMs())
        return rows.map((row) => readAccount(row, locks))
      }),

    async create({ username, role, passwordHash }, actor) {
      const key = fold(username)
      const nowMs = database.nowMs()
      const row = { username, username_key: key, passwrd: passwordHash, role, disabled: 0, created_at: nowMs }
      try {
        await database.write(async (tx) => {
          const taken = await tx
            .selectFrom('taikhoan')
            .select('username')
            .where('username_key', '=', key)
            .executeTakeFirst()
          if (taken !== undefined) throw new Refusal('username-taken', { username })
          await tx.insertInto('taikhoan').values(row).execute()
          await enterInLedger(tx, database, [], {
            action: 'account-create',
            target: `account:${username}`,
            details: { role },
            actor,
          })
        })
      } catch (error) {
        if (database.dialect.classify(error) === 'duplicate') throw new Refusal('username-taken', { username })
        throw error
      }
    },

    setPassword: (username, passwordHash, keepTokenHash, actor) =>
      change(username, { action: 'password-change', details: {}, actor }, async (tx, account) => {
        await tx
          .updateTable('taikhoan')
          .set({ passwrd: passwordHash })
          .where('username', '=', account.username)
          .execute()
        await tx
          .deleteFrom('session')
          .where('username', '=', account.username)
          .$if(keepTokenHash !== null, (query) => query.where('token_hash', '!=', keepTokenHash ?? ''))
          .execute()
        await forgetAccount(tx, account.username)
      }),

    upgradePassword: (username, storedHash, betterHash, actor) =>
      database.write(async (tx) => {
        const account = await lockAccount(tx, username)
        // Compared here and not in SQL, where an adopted table's collation would call different texts equal.
        if (account.passwrd !== storedHash) return
        await tx.updateTable('taikhoan').set({ passwrd: betterHash }).where('username', '=', account.username).execute()
        await enterInLedger(tx, database, [], {
          action: 'password-upgrade',
          target: `account:${account.username}`,
          details: {},
          actor,
        })
      }),

    setRole: (username, role, actor) =>
      database.write(async (tx) => {
        const account = await lockAccountKeepingAdmin(tx, username, role !== 'admin')
        await tx.updateTable('taikhoan').set({ role }).where('username', '=', account.username).execute()
        await enterInLedger(tx, database, [], {
          action: 'account-role',
          target: `account:${account.username}`,
          details: { before: roleOf(account), after: role },
          actor,
        })
      }),

    setDisabled: (username, disabled, actor) =>
      database.write(async (tx) => {
        const account = await lockAccountKeepingAdmin(tx, username, disabled)
        await tx
          .updateTable('taikhoan')
          .set({ disabled: disabled ? 1 : 0 })
          .where('username', '=', account.username)
          .execute()
        if (disabled) await tx.deleteFrom('session').where('username', '=', account.username).execute()
        await enterInLedger(tx, database, [], {
          action: disabled ? 'account-disable' : 'account-enable',
          target: `account:${account.username}`,
          details: {},
          actor,
        })
      }),

    forgiveFailures: (username, actor) =>
      change(username, { action: 'account-forgive', details: {}, actor }, (tx, account) =>
        forgetAccount(tx, account.username),
      ),

    remove: (username, actor) =>
      database.write(async (tx) => {
        const account = await lockAccountKeepingAdmin(tx, username, true)
        await tx.deleteFrom('session').where('username', '=', account.username).execute()
        await tx.deleteFrom('taikhoan').where('username', '=', account.username).execute()
        await forgetAccount(tx, account.username)
        await enterInLedger(tx, database, [], {
          action: 'account-remove',
          target: `account:${account.username}`,
          details: { role: roleOf(account) },
          actor,
        })
      }),
  }
}

/** The account of that name without regard to case. */
export async function findAccount(db: Queries, username: string): Promise<AccountTable | undefined> {
  const key = fold(username)
  const rows = await db
    .selectFrom('taikhoan')
    .selectAll()
    .where('username_key', 'in', [key, `${key} ${username}`])
    .execute()
  return rows.find((row) => caseless(row.username) === caseless(username))
}

/**
 * The account, which no other write can change until this transaction ends.
 * @throws Refusal `account-not-found`
 */
export async function lockAccount(tx: Queries, username: string): Promise<AccountTable> {
  const account = await findAccount(tx, username)
  if (account === undefined) throw new Refusal('account-not-found', { username })
  await tx
    .updateTable('taikhoan')
    .set({ username_key: account.username_key })
    .where('username', '=', account.username)
    .execute()
  const locked = await findAccount(tx, username)
  if (locked === undefined) throw new Refusal('account-not-found', { username })
  return locked
}

/**
 * The account, where another active administrator is left after it loses its rights. All administrators are locked, in
 * one order, so that two who remove each other can't both succeed.
 * @throws Refusal `account-not-found`, `last-admin`
 */
async function lockAccountKeepingAdmin(tx: Queries, username: string, losesRights: boolean): Promise<AccountTable> {
  if (!losesRights) return await lockAccount(tx, username)
  await tx.updateTable('taikhoan').set({ role: 'admin' }).where('role', '=', 'admin').execute()
  const account = await lockAccount(tx, username)
  if (account.role !== 'admin' || account.disabled === 1) return account
  const { others } = await tx
    .selectFrom('taikhoan')
    .select((of) => of.fn.countAll<number>().as('others'))
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .where('username', '!=', account.username)
    .executeTakeFirstOrThrow()
  if (others === 0) throw new Refusal('last-admin', { username: account.username })
  return account
}

/** A role that is none of ours gives no rights but the least. */
export function roleOf(account: Pick<AccountTable, 'role'>): Role {
  return ROLES.find((role) => role === account.role) ?? 'viewer'
}

function readAccount(row: AccountTable, locks: ReadonlyMap<string, Date>): StoredAccount {
  return {
    username: row.username,
    role: roleOf(row),
    passwordHash: row.passwrd ?? '',
    lockedUntil: locks.get(accountHash(row.username)) ?? null,
    disabled: row.disabled === 1,
  }
}

function caseless(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
