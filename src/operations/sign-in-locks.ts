import { LOCK_MS_MAX, type SignInFailures, type SignInHistory, type SignInLocks } from '../domain/account-records.ts'

interface LockRule {
  /** The failure that locks first. */
  readonly failures: number
  readonly firstMs: number
  /** Each failure after a lock doubles the next, up to this. */
  readonly longestMs: number
}

const SECOND_MS = 1_000

/**
 * A name at an address is locked soon. A name from everywhere, or an address with whatever name, only after more
 * failures than people make by mistake: that stops many guessers of one account and one guesser of many accounts.
 * At most 96 guesses a day remain for either, fewer than the hundred in a row that NIST SP 800-63B-4, 3.2.2, allows.
 */
const RULES = {
  pair: { failures: 5, firstMs: 15 * SECOND_MS, longestMs: LOCK_MS_MAX },
  account: { failures: 30, firstMs: 15 * SECOND_MS, longestMs: LOCK_MS_MAX },
  address: { failures: 50, firstMs: 15 * SECOND_MS, longestMs: LOCK_MS_MAX },
} as const satisfies Record<keyof SignInHistory, LockRule>

/**
 * Until when the name is locked at this address; null where it is not. Where the account signed in before, only the
 * failures made there count: whoever guesses from elsewhere can't lock its owner out.
 */
export function lockedUntil(history: SignInHistory, now: Date): Date | null {
  const { pair, account, address } = history
  const locks = pair.lastGoodAt === null ? [pair, account, address] : [pair]
  const inForce = locks.flatMap((lock) => (lock.lockedUntil !== null && lock.lockedUntil > now ? lock.lockedUntil : []))
  return inForce.reduce<Date | null>((latest, until) => (latest === null || until > latest ? until : latest), null)
}

/** The locks that one more failure leads to. */
export function locksAfterFailure(history: SignInHistory, now: Date): SignInLocks {
  return {
    pair: lockAfter(RULES.pair, history.pair, now),
    account: lockAfter(RULES.account, history.account, now),
    address: lockAfter(RULES.address, history.address, now),
  }
}

function lockAfter(rule: LockRule, { count }: SignInFailures, now: Date): Date | null {
  const beyond = count + 1 - rule.failures
  return beyond < 0 ? null : new Date(now.getTime() + Math.min(rule.longestMs, rule.firstMs * 2 ** beyond))
}
