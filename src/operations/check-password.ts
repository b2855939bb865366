import { setTimeout as sleep } from 'node:timers/promises'
import { type Actor, networkOf, USERNAME_LENGTH_MAX } from '../domain/account.ts'
import type { AccountRecords, StoredAccount } from '../domain/account-records.ts'
import type { Clock } from '../domain/clock.ts'
import { PASSWORD_LENGTH_MAX, type Passwords } from '../domain/credentials.ts'
import { Refusal } from '../domain/errors.ts'
import { checkText } from '../domain/person.ts'
import { oneAtATimeEach } from './one-at-a-time-each.ts'
import { lockedUntil, locksAfterFailure } from './sign-in-locks.ts'

export interface PasswordCheckParts {
  readonly accounts: AccountRecords
  readonly passwords: Passwords
  readonly clock: Clock
  /** Milliseconds that saying no takes at least. */
  readonly refusalMs?: number
}

/**
 * Longer than the check of any stored form (bcrypt with cost 12 takes 0.2 s, Argon2id 0.01 s), so that a no does not
 * tell which form is stored, or that none is.
 */
const REFUSAL_MS = 250
/** Of one network. */
const CHECKS_WAITING_MAX = 30
const SECOND_MS = 1_000

/** Whether somebody is who they say, with the limits on guessing. */
export function passwordChecker({ accounts, passwords, clock, refusalMs = REFUSAL_MS }: PasswordCheckParts) {
  // One after another for each network, so that a burst of guesses meets the lock that the first of them led to.
  const inTurn = oneAtATimeEach(CHECKS_WAITING_MAX)

  /**
   * The account whose password this is; a stored form that is outdated is replaced.
   * @throws Refusal `credentials-invalid`, the same for an unknown account; `account-locked`, with `retryAfterSeconds` after
   *   failures (whether the account exists or not), without where an administrator locked it and the password is right;
   *   `field-invalid`, `too-many-requests`, `overloaded`
   */
  return async function checkPassword(claimed: string, password: string, actor: Actor): Promise<StoredAccount> {
    const username = checkText('username', claimed, USERNAME_LENGTH_MAX)
    if (password.length > PASSWORD_LENGTH_MAX)
      throw new Refusal('field-invalid', { field: 'password', reason: 'too-long', max: PASSWORD_LENGTH_MAX })
    const network = actor.address === null ? '' : networkOf(actor.address)
    const { account, startedMs } = await inTurn(network, async () => {
      const startedMs = performance.now()
      return { startedMs, account: await check(username, password, actor) }
    })
    if (account !== null) return account
    // Not in turn: whoever comes next from the same network need not wait for it.
    await sleep(Math.max(0, refusalMs - (performance.now() - startedMs)))
    throw new Refusal('credentials-invalid')
  }

  /** Null where the password is not the account's. */
  async function check(username: string, password: string, actor: Actor): Promise<StoredAccount | null> {
    const history = await accounts.signInHistory(username, actor.address)
    refuseLocked(lockedUntil(history, clock()))
    const account = await accounts.account(username)
    const { matches, outdated } = await passwords.verify(account?.passwordHash ?? null, password)
    if (account === null || !matches) {
      await accounts.refuseSignIn(username, actor, locksAfterFailure(history, clock()))
      return null
    }
    if (account.disabled) {
      await accounts.refuseSignIn(username, actor)
      throw new Refusal('account-locked')
    }
    return outdated ? await upgrade(account, password, actor) : account
  }

  async function upgrade(account: StoredAccount, password: string, actor: Actor): Promise<StoredAccount> {
    const better = await passwords.hash(password)
    await accounts.upgradePassword(account.username, account.passwordHash, better, {
      ...actor,
      username: account.username,
    })
    return { ...account, passwordHash: better }
  }

  function refuseLocked(until: Date | null): void {
    if (until === null) return
    const retryAfterSeconds = Math.ceil((until.getTime() - clock().getTime()) / SECOND_MS)
    throw new Refusal('account-locked', { retryAfterSeconds })
  }
}

export type CheckPassword = ReturnType<typeof passwordChecker>
