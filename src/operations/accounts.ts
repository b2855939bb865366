import { type Account, type Actor, checkUsername, type Role } from '../domain/account.ts'
import type { AccountRecords, Session, StoredAccount } from '../domain/account-records.ts'
import type { PasswordRules, Passwords, Tokens } from '../domain/credentials.ts'
import { Refusal } from '../domain/errors.ts'
import type { CheckPassword } from './check-password.ts'

export interface AccountParts {
  readonly accounts: AccountRecords
  readonly checkPassword: CheckPassword
  readonly passwords: Passwords
  readonly passwordRules: PasswordRules
  readonly tokens: Tokens
  /** Whether anybody may make an account, as a viewer. */
  readonly openRegistration: boolean
}

export interface Registration {
  readonly username: string
  readonly password: string
  /** Heeded only where an administrator asks; viewer where absent. */
  readonly role?: Role
}

/** What is present is changed. */
export interface AccountChanges {
  readonly role?: Role
  readonly locked?: boolean
  readonly password?: string
}

/** An account as it may be shown. */
export type ListedAccount = Omit<StoredAccount, 'passwordHash'>

/** Accounts: made, changed, locked and removed by administrators; passwords changed by their owners. */
export function accountKeeper(parts: AccountParts) {
  const { accounts, checkPassword, passwords, passwordRules, tokens, openRegistration } = parts

  return {
    /**
     * @param by who is signed in, if anybody
     * @throws Refusal `token-missing`, `forbidden`, `field-invalid`, `password-unfit`, `username-taken`
     */
    async register(request: Registration, by: Account | null, actor: Actor): Promise<Account> {
      if (by?.role === 'admin') return await create(request, actor)
      if (openRegistration) return await create({ ...request, role: 'viewer' }, actor)
      throw new Refusal(by === null ? 'token-missing' : 'forbidden')
    },

    create,

    /**
     * Sets a new password for whoever holds the token and knows the old one; ends the account's other sessions.
     * @throws Refusal `password-unfit`, and what checking a password refuses
     */
    async changeOwnPassword(
      session: Session,
      token: string,
      change: { readonly oldPassword: string; readonly newPassword: string },
      actor: Actor,
    ): Promise<void> {
      const account = await checkPassword(session.username, change.oldPassword, actor)
      passwordRules.check(change.newPassword, account.username)
      const passwordHash = await passwords.hash(change.newPassword)
      await accounts.setPassword(account.username, passwordHash, tokens.hash(token), actor)
    },

    async list(): Promise<readonly ListedAccount[]> {
      return (await accounts.list()).map(({ passwordHash, ...shown }) => shown)
    },

    /**
     * A new password and a lock end the account's sessions; unlocking forgives failed sign-ins too.
     * @throws Refusal `account-not-found`, `last-admin`, `password-unfit`
     */
    async change(username: string, changes: AccountChanges, actor: Actor): Promise<ListedAccount> {
      const account = await existing(username)
      const { role, locked, password } = changes
      if (password !== undefined) passwordRules.check(password, account.username)
      const passwordHash = password === undefined ? undefined : await passwords.hash(password)
      // What may be refused comes first, so that nothing was changed where it is.
      if (locked !== undefined && locked !== account.disabled)
        await accounts.setDisabled(account.username, locked, actor)
      if (role !== undefined && role !== account.role) await accounts.setRole(account.username, role, actor)
      if (locked === false) await accounts.forgiveFailures(account.username, actor)
      if (passwordHash !== undefined) await accounts.setPassword(account.username, passwordHash, null, actor)
      const { passwordHash: _, ...shown } = await existing(account.username)
      return shown
    },

    /** @throws Refusal `account-not-found`, `last-admin` */
    async remove(username: string, actor: Actor): Promise<void> {
      await accounts.remove((await existing(username)).username, actor)
    },
  }

  /** @throws Refusal `field-invalid`, `password-unfit`, `username-taken` */
  async function create({ role = 'viewer', ...request }: Registration, actor: Actor): Promise<Account> {
    const username = checkUsername(request.username)
    passwordRules.check(request.password, username)
    if ((await accounts.account(username)) !== null) throw new Refusal('username-taken', { username })
    const passwordHash = await passwords.hash(request.password)
    await accounts.create({ username, role, passwordHash }, actor)
    return { username, role }
  }

  async function existing(username: string): Promise<StoredAccount> {
    const account = await accounts.account(username)
    if (account === null) throw new Refusal('account-not-found', { username })
    return account
  }
}

export type AccountKeeper = ReturnType<typeof accountKeeper>
