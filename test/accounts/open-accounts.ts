import { argon2Passwords } from '../../src/credentials/argon2-passwords.ts'
import { passwordRules } from '../../src/credentials/password-rules.ts'
import { randomTokens } from '../../src/credentials/random-tokens.ts'
import type { Actor, Role } from '../../src/domain/account.ts'
import type { Passwords } from '../../src/domain/credentials.ts'
import type { Records } from '../../src/domain/records.ts'
import { type AccountKeeper, accountKeeper } from '../../src/operations/accounts.ts'
import { passwordChecker } from '../../src/operations/check-password.ts'
import { type Doorkeeper, doorkeeper } from '../../src/operations/sign-in.ts'
import type { DatabaseUnderTest } from '../records/each-database.ts'

/** One server's accounts on real records, at a time that the test moves. */
export interface Node {
  readonly records: Records
  readonly passwords: Passwords
  readonly door: Doorkeeper
  readonly keeper: AccountKeeper
}

export interface TestAccounts extends Node {
  readonly url: string
  /** Moves the time of all nodes. */
  pass(time: { seconds?: number; minutes?: number; hours?: number; days?: number }): void
  /** Another server on the same database. */
  anotherNode(): Promise<Node>
  /** An account with `GOOD_PASSWORD`. */
  add(username: string, role: Role): Promise<void>
}

export interface TestWish {
  readonly openRegistration?: boolean
  readonly idleHours?: number
  /** A database that holds something already. */
  readonly url?: string
}

export const TOKEN_HOURS = 24
export const HERE: Actor = { username: null, address: '192.0.2.1', requestId: 'request-here' }
export const ELSEWHERE: Actor = { username: null, address: '198.51.100.9', requestId: 'request-elsewhere' }
export const CONSOLE: Actor = { username: null, address: null, requestId: null }
export const GOOD_PASSWORD = 'tre xanh ven sông'

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000

export async function openAccounts(database: DatabaseUnderTest, wish: TestWish = {}): Promise<TestAccounts> {
  const url = wish.url ?? (await database.newUrl())
  let now = new Date('2026-03-01T08:00:00Z')
  const clock = () => now

  async function openNode(): Promise<Node> {
    const idle = wish.idleHours === undefined ? {} : { sessionIdleMs: wish.idleHours * HOUR_MS }
    const records = await database.open({ url, clock, ...idle })
    const passwords = await argon2Passwords()
    const { accounts } = records
    const checkPassword = passwordChecker({ accounts, passwords, clock, refusalMs: 0 })
    const parts = { accounts, passwords, tokens: randomTokens, clock, checkPassword }
    return {
      records,
      passwords,
      door: doorkeeper({ ...parts, tokenHours: TOKEN_HOURS }),
      keeper: accountKeeper({
        ...parts,
        passwordRules: passwordRules(8),
        openRegistration: wish.openRegistration ?? false,
      }),
    }
  }

  const first = await openNode()
  return {
    ...first,
    url,
    pass({ seconds = 0, minutes = 0, hours = 0, days = 0 }) {
      now = new Date(now.getTime() + (seconds + 60 * minutes) * SECOND_MS + (hours + 24 * days) * HOUR_MS)
    },
    anotherNode: openNode,
    async add(username, role) {
      await first.keeper.create({ username, role, password: GOOD_PASSWORD }, CONSOLE)
    },
  }
}
