import type { Account, Actor, Role } from './account.ts'

export interface StoredAccount extends Account {
  /** Argon2id in PHC form, or whatever an adopted account table held. */
  readonly passwordHash: string
  /** After failed sign-ins. */
  readonly lockedUntil: Date | null
  /** Locked by an administrator. */
  readonly disabled: boolean
}

/** No lock after failed sign-ins lasts longer. */
export const LOCK_MS_MAX = 15 * 60_000

/** Failed sign-ins that are not forgotten yet. */
export interface SignInFailures {
  readonly count: number
  readonly lastAt: Date | null
  readonly lockedUntil: Date | null
}

/** Whose failures are counted: an account name (whether it exists or not), an address, and the name at the address. */
export interface SignInHistory {
  readonly account: SignInFailures
  readonly address: SignInFailures
  /** `lastGoodAt` is when the account last signed in from the address. */
  readonly pair: SignInFailures & { readonly lastGoodAt: Date | null }
}

/** Absent or null: not locked. */
export type SignInLocks = { readonly [Subject in keyof SignInHistory]?: Date | null }

export interface Session {
  readonly username: string
  readonly role: Role
  readonly expiresAt: Date
}

export interface AccountRecords {
  count(): Promise<number>
  /** Case does not matter; the answer has the name as it is stored. */
  account(username: string): Promise<StoredAccount | null>
  list(): Promise<readonly StoredAccount[]>
  /** @throws Refusal `username-taken` */
  create(account: Account & { passwordHash: string }, actor: Actor): Promise<void>
  /** Also ends the account's sessions, but for the one given. */
  setPassword(username: string, passwordHash: string, keepTokenHash: string | null, actor: Actor): Promise<void>
  /**
   * Notes a sign-in and opens a session; `tokenHash` is SHA-256 of the token in hex. Forgets the failures of the pair,
   * not those of the name or the address: a lock that ended early would tell strangers that the account is in use.
   */
  openSession(username: string, tokenHash: string, expiresAt: Date, actor: Actor): Promise<void>
  /**
   * Notes a sign-in that failed: counts it for the name, whether it exists or not, and, where the actor has an address,
   * for the address and the pair. `locks` follows the caller's rule from `signInHistory`.
   */
  refuseSignIn(username: string, actor: Actor, locks?: SignInLocks): Promise<void>
  /** Failures more than a day old count no more; without an address, those of address and pair are none. */
  signInHistory(username: string, address: string | null): Promise<SignInHistory>
  /** Null for a token nobody holds, or whose account is disabled. @throws Refusal `token-expired` */
  session(tokenHash: string): Promise<Session | null>
  closeSession(tokenHash: string, actor: Actor): Promise<void>
  /** Ends all sessions of an account; answers how many. */
  closeSessions(username: string, actor: Actor): Promise<number>
  /**
   * Forgets expired sessions, failures a day after the last one, and pairs 90 days after the last good sign-in; answers
   * how many sessions went.
   */
  purgeSessions(): Promise<number>
  /** Replaces a stored value by a better hash of the same password, unless it was changed meanwhile; keeps sessions. */
  upgradePassword(username: string, storedHash: string, betterHash: string, actor: Actor): Promise<void>
  /** @throws Refusal `account-not-found`, `last-admin` */
  setRole(username: string, role: Role, actor: Actor): Promise<void>
  /** A disabled account can't sign in and has no sessions. @throws Refusal `account-not-found`, `last-admin` */
  setDisabled(username: string, disabled: boolean, actor: Actor): Promise<void>
  /** Forgets failed sign-ins of the account, from any address, and the locks they led to. @throws Refusal `account-not-found` */
  forgiveFailures(username: string, actor: Actor): Promise<void>
  /** @throws Refusal `account-not-found`, `last-admin` */
  remove(username: string, actor: Actor): Promise<void>
}
