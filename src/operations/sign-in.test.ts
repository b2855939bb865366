import { expect, test } from 'vitest'
import {
  CONSOLE,
  ELSEWHERE,
  GOOD_PASSWORD,
  HERE,
  openAccounts,
  TOKEN_HOURS,
} from '../../test/accounts/open-accounts.ts'
import { refusalOf } from '../../test/accounts/refusal-of.ts'
import { describeEachDatabase } from '../../test/records/each-database.ts'

const INVALID = { code: 'credentials-invalid', details: {} }

describeEachDatabase('signing in', (database) => {
  test('gives a token that is known until it is signed out, on every node at once', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'editor')
    const other = await accounts.anotherNode()
    const { token, expiresAt, ...who } = await accounts.door.signIn('LAN', GOOD_PASSWORD, HERE)
    expect(who).toEqual({ username: 'lan', role: 'editor' })
    expect(await other.door.authenticate(token)).toEqual({ username: 'lan', role: 'editor', expiresAt })
    await accounts.door.signOut(token, HERE)
    for (const { door } of [accounts, other])
      expect((await refusalOf(door.authenticate(token))).code).toBe('token-invalid')
    await accounts.door.signOut(token, HERE)
  })

  test('every sign-in has a token of its own, and signing out ends only that one', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    const first = await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)
    const second = await accounts.door.signIn('lan', GOOD_PASSWORD, ELSEWHERE)
    expect(first.token).not.toBe(second.token)
    await accounts.door.signOut(first.token, HERE)
    expect((await accounts.door.authenticate(second.token)).username).toBe('lan')
  })

  test('tokens end at their time, and when they are not used', async () => {
    const accounts = await openAccounts(database, { idleHours: 2 })
    await accounts.add('lan', 'viewer')
    const { token } = await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)
    const idle = await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)
    for (let hour = 1; hour < TOKEN_HOURS; hour++) {
      accounts.pass({ hours: 1 })
      await accounts.door.authenticate(token)
    }
    expect((await refusalOf(accounts.door.authenticate(idle.token))).code).toBe('token-expired')
    accounts.pass({ hours: 1 })
    expect((await refusalOf(accounts.door.authenticate(token))).code).toBe('token-expired')
    accounts.pass({ days: 30 })
    expect(await accounts.records.accounts.purgeSessions()).toBe(2)
    expect((await refusalOf(accounts.door.authenticate(token))).code).toBe('token-invalid')
  })

  test('what is no token is none', async () => {
    const { door } = await openAccounts(database)
    const foreign = Buffer.alloc(32, 7).toString('base64url')
    const sql = "' OR '1'='1"
    for (const token of ['', ' ', sql, '%', '\u0000', '\ud800', 'a'.repeat(64), 'x'.repeat(1_000_000), foreign])
      expect((await refusalOf(door.authenticate(token))).code).toBe('token-invalid')
  })

  test('a token with one character changed, or its stored hash, is no token', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    const { token } = await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)
    const changed = (token.startsWith('A') ? 'B' : 'A') + token.slice(1)
    for (const wrong of [changed, token.slice(1), `${token}A`, ` ${token}`, token.toUpperCase()])
      expect((await refusalOf(accounts.door.authenticate(wrong))).code).toBe('token-invalid')
  })

  test('an unknown account and a wrong password are refused alike', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    expect(await refusalOf(accounts.door.signIn('lan', 'wrong', HERE))).toEqual(INVALID)
    expect(await refusalOf(accounts.door.signIn('nobody', 'wrong', HERE))).toEqual(INVALID)
    expect(await refusalOf(accounts.door.signIn('lan', '', HERE))).toEqual(INVALID)
    expect(await refusalOf(accounts.door.signIn('', '', HERE))).toEqual(INVALID)
  })

  test('names that resemble an account are nobody', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    const sql = ["lan' OR '1'='1", 'lan"; DROP TABLE taikhoan; --', '%', 'l_n', 'lan\\']
    for (const username of [...sql, '😀', 'lân', 'ｌａｎ', 'lan\u200b', 'lan%00'])
      expect(await refusalOf(accounts.door.signIn(username, GOOD_PASSWORD, HERE))).toEqual(INVALID)
  })

  test('names that none can be are refused before anything is looked up', async () => {
    const { door } = await openAccounts(database)
    for (const username of ['lan\u0000', 'lan\nadmin', '\ud800', 'x'.repeat(51), 'x'.repeat(10_000)])
      expect((await refusalOf(door.signIn(username, GOOD_PASSWORD, HERE))).code).toBe('field-invalid')
  })

  test('a password longer than any is refused before it is hashed', async () => {
    const accounts = await openAccounts(database)
    expect((await refusalOf(accounts.door.signIn('lan', 'x'.repeat(257), HERE))).code).toBe('field-invalid')
  })

  test('an account locked by an administrator says so only to its owner', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    await accounts.keeper.change('lan', { locked: true }, CONSOLE)
    expect(await refusalOf(accounts.door.signIn('lan', 'wrong', HERE))).toEqual(INVALID)
    expect(await refusalOf(accounts.door.signIn('lan', GOOD_PASSWORD, HERE))).toEqual({
      code: 'account-locked',
      details: {},
    })
  })
})

describeEachDatabase('signing in while something changes', (database) => {
  test('a session is not left open by an old password that was checked before the change', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    for (let round = 0; round < 5; round++) {
      const [oldPassword, newPassword] = [`${GOOD_PASSWORD}${round || ''}`, `${GOOD_PASSWORD}${round + 1}`]
      const [signedIn] = await Promise.allSettled([
        accounts.door.signIn('lan', oldPassword, { ...HERE, address: `192.0.2.${round}` }),
        accounts.keeper.change('lan', { password: newPassword }, CONSOLE),
      ])
      if (signedIn.status === 'fulfilled')
        expect((await refusalOf(accounts.door.authenticate(signedIn.value.token))).code).toBe('token-invalid')
    }
  })

  test('twenty sign-ins of one account at once all get a session', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    const signedIn = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        accounts.door.signIn('lan', GOOD_PASSWORD, { ...HERE, address: `192.0.2.${i}` }),
      ),
    )
    expect(new Set(signedIn.map(({ token }) => token)).size).toBe(20)
    for (const { token } of signedIn) expect((await accounts.door.authenticate(token)).username).toBe('lan')
  })
})
