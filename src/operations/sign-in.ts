import type { Account, Actor } from '../domain/account.ts'
import type { Clock } from '../domain/clock.ts'
import type { Passwords, Tokens } from '../domain/credentials.ts'
import { Refusal } from '../domain/errors.ts'
import type { AccountRecords, Session } from '../domain/records.ts'

export interface SignInParts {
  readonly accounts: AccountRecords
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
export function doorkeeper({ accounts, passwords, tokens, clock, tokenHours }: SignInParts) {
  return {
    /** @throws Refusal `credentials-invalid` (the same for an unknown account), `account-locked` */
    async signIn(username: string, password: string, actor: Actor): Promise<SignedIn> {
      const account = await accounts.account(username)
      const { matches, outdated } = await passwords.verify(account?.passwordHash ?? null, password)
      if (account === null || !matches || account.disabled) {
        await accounts.refuseSignIn(username, actor)
        throw new Refusal('credentials-invalid')
      }
      if (account.lockedUntil !== null && account.lockedUntil > clock())
        throw new Refusal('account-locked', { until: account.lockedUntil.toISOString() })
      const by = { ...actor, username: account.username }
      if (outdated) await accounts.setPassword(account.username, await passwords.hash(password), null, by)
      const { token, tokenHash } = tokens.issue()
      const expiresAt = new Date(clock().getTime() + tokenHours * HOUR_MS)
      await accounts.openSession(account.username, tokenHash, expiresAt, by)
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
}

export type Doorkeeper = ReturnType<typeof doorkeeper>
