import { expect, test } from 'vitest'
import {
  CONSOLE,
  ELSEWHERE,
  GOOD_PASSWORD,
  HERE,
  openAccounts,
  type TestAccounts,
} from '../../test/accounts/open-accounts.ts'
import { refusalOf } from '../../test/accounts/refusal-of.ts'
import { describeEachDatabase } from '../../test/records/each-database.ts'
import type { Actor } from '../domain/account.ts'

async function failTimes(times: number, accounts: TestAccounts, username: string, actor: Actor): Promise<void> {
  for (let i = 0; i < times; i++)
    expect((await refusalOf(accounts.door.signIn(username, `wrong ${i}`, actor))).code).toBe('credentials-invalid')
}

describeEachDatabase('guessing', (database) => {
  test('a name is locked at an address after five failures, longer each time, whether the account exists or not', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    for (const username of ['lan', 'nobody']) {
      await failTimes(5, accounts, username, HERE)
      for (const seconds of [15, 30, 60, 120, 240, 480, 900, 900]) {
        const locked = await refusalOf(accounts.door.signIn(username, GOOD_PASSWORD, HERE))
        expect(locked).toEqual({ code: 'account-locked', details: { retryAfterSeconds: seconds } })
        accounts.pass({ seconds })
        await failTimes(1, accounts, username, HERE)
      }
      accounts.pass({ minutes: 15 })
    }
    expect((await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)).username).toBe('lan')
  })

  test('trying while locked neither checks a password nor makes the lock longer', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    await failTimes(5, accounts, 'lan', HERE)
    for (let i = 0; i < 20; i++)
      expect((await refusalOf(accounts.door.signIn('lan', GOOD_PASSWORD, HERE))).code).toBe('account-locked')
    accounts.pass({ seconds: 15 })
    expect((await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)).username).toBe('lan')
  })

  test('a clock that is set back locks nobody out, and lets nobody guess on', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    await failTimes(5, accounts, 'lan', HERE)
    accounts.pass({ days: -365 })
    expect(
      (await accounts.records.accounts.list()).find(({ username }) => username === 'lan')?.lockedUntil ?? null,
    ).toBeNull()
    await failTimes(1, accounts, 'lan', HERE)
    const locked = await refusalOf(accounts.door.signIn('lan', GOOD_PASSWORD, HERE))
    expect(locked).toEqual({ code: 'account-locked', details: { retryAfterSeconds: 30 } })
    accounts.pass({ seconds: 30 })
    expect((await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)).username).toBe('lan')
  })

  test('a good sign-in forgives the failures before it at that address, and so does a day', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    for (let round = 0; round < 2; round++) {
      await failTimes(4, accounts, 'lan', HERE)
      await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)
    }
    await failTimes(4, accounts, 'lan', HERE)
    accounts.pass({ days: 1 })
    await failTimes(4, accounts, 'lan', HERE)
    expect((await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)).username).toBe('lan')
  })

  test('many addresses against one account lock it for strangers, not for where its owner signs in from', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('admin', 'admin')
    await accounts.door.signIn('admin', GOOD_PASSWORD, HERE)
    for (let i = 0; i < 30; i++) await failTimes(1, accounts, 'admin', { ...ELSEWHERE, address: `203.0.113.${i}` })
    const fresh = { ...ELSEWHERE, address: '203.0.113.200' }
    expect((await refusalOf(accounts.door.signIn('admin', GOOD_PASSWORD, fresh))).code).toBe('account-locked')
    expect((await accounts.door.signIn('admin', GOOD_PASSWORD, HERE)).username).toBe('admin')
    // Nor does the owner's coming tell the strangers anything.
    expect((await refusalOf(accounts.door.signIn('admin', GOOD_PASSWORD, fresh))).code).toBe('account-locked')
    await accounts.keeper.change('admin', { locked: false }, CONSOLE)
    expect((await accounts.door.signIn('admin', GOOD_PASSWORD, fresh)).username).toBe('admin')
  })

  test('one address against many accounts is locked, for known and unknown names, but not for those it belongs to', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    await accounts.add('hoa', 'viewer')
    await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)
    for (let i = 0; i < 50; i++) await failTimes(1, accounts, `guess-${i}`, HERE)
    for (const username of ['hoa', 'nobody'])
      expect(await refusalOf(accounts.door.signIn(username, GOOD_PASSWORD, HERE))).toEqual({
        code: 'account-locked',
        details: { retryAfterSeconds: 15 },
      })
    expect((await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)).username).toBe('lan')
    expect((await accounts.door.signIn('hoa', GOOD_PASSWORD, ELSEWHERE)).username).toBe('hoa')
  })

  test('signing in to an account of one’s own between guesses does not help', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('mallory', 'viewer')
    await accounts.add('lan', 'viewer')
    for (let i = 0; i < 5; i++) {
      await failTimes(1, accounts, 'lan', HERE)
      await accounts.door.signIn('mallory', GOOD_PASSWORD, HERE)
    }
    expect((await refusalOf(accounts.door.signIn('lan', GOOD_PASSWORD, HERE))).code).toBe('account-locked')
  })

  test('all addresses of an IPv6 network are one guesser', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    for (let i = 1; i <= 5; i++) await failTimes(1, accounts, 'lan', { ...HERE, address: `2001:db8:0:1::${i}` })
    const next = { ...HERE, address: '2001:db8:0:1:ffff::1' }
    expect((await refusalOf(accounts.door.signIn('lan', GOOD_PASSWORD, next))).code).toBe('account-locked')
  })

  test('a burst of guesses gets no more answers than guesses one after another', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    const burst = await Promise.all(
      Array.from({ length: 100 }, (_, i) => refusalOf(accounts.door.signIn('lan', `wrong ${i}`, HERE))),
    )
    const count = (code: string) => burst.filter((refusal) => refusal.code === code).length
    expect(count('credentials-invalid')).toBe(5)
    expect(count('account-locked') + count('too-many-requests')).toBe(95)
    expect(count('too-many-requests')).toBeGreaterThan(0)
  })

  test('the audit log holds each failure and lock, but no password', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    await failTimes(5, accounts, 'lan', HERE)
    await accounts.door.signIn('lan', GOOD_PASSWORD, ELSEWHERE)
    const { rows } = await accounts.records.audit.list({ action: 'sign-in' }, { page: 1, pageSize: 50 })
    expect(rows.map((row) => [row.outcome, row.target, row.address, row.requestId])).toEqual([
      ['done', 'account:lan', ELSEWHERE.address, ELSEWHERE.requestId],
      ...Array.from({ length: 5 }, () => ['refused', 'account:lan', HERE.address, HERE.requestId]),
    ])
    expect(rows[1]?.details).toEqual({ locked: true })
    expect(JSON.stringify(rows)).not.toMatch(/wrong|tre xanh|argon2/)
    expect((await accounts.records.audit.verify()).faults).toEqual([])
  })
})
