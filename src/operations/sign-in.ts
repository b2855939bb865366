import type { Account, Actor } from '../domain/account.ts'
import type { AccountRecords, Session } from '../domain/account-records.ts'
import type { Clock } from '../domain/clock.ts'
import type { Passwords, Tokens } from '../domain/credentials.ts'
import { Refusal } from '../domain/errors.ts'
import type { CheckPassword } from './check-password.ts'

export interface SignInParts {
  readonly accounts: AccountRecords
  readonly checkPassword: CheckPassword
  readonly passwords: Passwords
  readonly tokens: Tokens
  readonly clock: Clock
  readonly tokenHours: number
}

export interface SignedIn extends Account {
  /** Shown once; the records hold only its hash. */
  readonly token: string
  readonly expiresAt: Date
}

const HOUR_MS = 3_600_000

/** Accounts at the door: passwords become tokens, tokens become accounts. */
export function doorkeeper({ accounts, checkPassword, passwords, tokens, clock, tokenHours }: SignInParts) {
  return {
    /** @throws Refusal what checking a password refuses */
    async signIn(username: string, password: string, actor: Actor): Promise<SignedIn> {
      const account = await checkPassword(username, password, actor)
      const by = { ...actor, username: account.username }
      const { token, tokenHash } = tokens.issue()
      const expiresAt = new Date(clock().getTime() + tokenHours * HOUR_MS)
      await accounts.openSession(account.username, tokenHash, expiresAt, by)
      if (!(await stillHolds(account.username, account.passwordHash, password))) {
        await accounts.closeSession(tokenHash, by)
        throw new Refusal('credentials-invalid')
      }
      return { token, username: account.username, role: account.role, expiresAt }
    },

    async signOut(token: string, actor: Actor): Promise<void> {
      await accounts.closeSession(tokens.hash(token), actor)
    },

    /** @throws Refusal `token-invalid`, `token-expired` */
    async authenticate(token: string): Promise<Session> {
      const session = await accounts.session(tokens.hash(token))
      if (session === null) throw new Refusal('token-invalid')
      if (session.expiresAt <= clock()) throw new Refusal('token-expired')
      return session
    },
  }

  /** A password changed while it was checked ended every session but the one that was about to be opened. */
  async function stillHolds(username: string, checkedHash: string, password: string): Promise<boolean> {
    const account = await accounts.account(username)
    if (account === null || account.disabled) return false
    return account.passwordHash === checkedHash || (await passwords.verify(account.passwordHash, password)).matches
  }
}

export type Doorkeeper = ReturnType<typeof doorkeeper>
