import { expect, test } from 'vitest'
import { ELSEWHERE, GOOD_PASSWORD, HERE, openAccounts } from '../../test/accounts/open-accounts.ts'
import { refusalOf } from '../../test/accounts/refusal-of.ts'
import { describeEachDatabase } from '../../test/records/each-database.ts'
import type { Account } from '../domain/account.ts'

const ADMIN: Account = { username: 'admin', role: 'admin' }
const EDITOR: Account = { username: 'eve', role: 'editor' }
const NEW_PASSWORD = 'một con đường khác'

describeEachDatabase('making accounts', (database) => {
  test('administrators make accounts of any role; others may not', async () => {
    const { keeper, door } = await openAccounts(database)
    const request = { username: 'nguyễn.lan', password: GOOD_PASSWORD }
    expect((await refusalOf(keeper.register(request, null, HERE))).code).toBe('token-missing')
    expect((await refusalOf(keeper.register(request, EDITOR, HERE))).code).toBe('forbidden')
    expect(await keeper.register({ ...request, role: 'editor' }, ADMIN, HERE)).toEqual({
      username: 'nguyễn.lan',
      role: 'editor',
    })
    expect((await door.signIn('NGUYỄN.LAN'.normalize('NFD'), GOOD_PASSWORD, HERE)).role).toBe('editor')
  })

  test('where registration is open anybody makes a viewer, whatever role they ask for', async () => {
    const { keeper } = await openAccounts(database, { openRegistration: true })
    for (const [index, by] of [null, EDITOR].entries())
      expect(
        await keeper.register({ username: `lan${index}`, password: GOOD_PASSWORD, role: 'admin' }, by, HERE),
      ).toEqual({ username: `lan${index}`, role: 'viewer' })
  })

  test('names and passwords that will not do are refused, and nothing is made', async () => {
    const { keeper } = await openAccounts(database)
    for (const username of ['', 'a b', 'x'.repeat(51), "a'b", 'a\u0000', '😀', '../a'])
      expect((await refusalOf(keeper.register({ username, password: GOOD_PASSWORD }, ADMIN, HERE))).code).toBe(
        'field-invalid',
      )
    for (const password of ['', 'short', 'password', 'x'.repeat(300), 'nguyen.lan'])
      expect((await refusalOf(keeper.register({ username: 'nguyen.lan', password }, ADMIN, HERE))).code).toBe(
        'password-unfit',
      )
    expect(await keeper.list()).toEqual([])
  })

  test('a name is taken in any case and spelling, also by one who comes at the same time', async () => {
    const accounts = await openAccounts(database)
    const other = await accounts.anotherNode()
    const made = await Promise.allSettled(
      ['lan', 'LAN', 'Lan', 'lan'].map((username, i) =>
        (i % 2 === 0 ? accounts : other).keeper.register({ username, password: GOOD_PASSWORD }, ADMIN, HERE),
      ),
    )
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await accounts.keeper.list()).toHaveLength(1)
    expect(
      (await refusalOf(accounts.keeper.register({ username: 'lAn', password: GOOD_PASSWORD }, ADMIN, HERE))).code,
    ).toBe('username-taken')
  })

  test('the list shows no password', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'viewer')
    expect(await accounts.keeper.list()).toEqual([
      { username: 'lan', role: 'viewer', disabled: false, lockedUntil: null },
    ])
  })
})

describeEachDatabase('changing accounts', (database) => {
  test('a new password of one’s own ends the other sessions and the old password', async () => {
    const { keeper, door, add } = await openAccounts(database)
    await add('lan', 'viewer')
    const mine = await door.signIn('lan', GOOD_PASSWORD, HERE)
    const other = await door.signIn('lan', GOOD_PASSWORD, ELSEWHERE)
    const session = await door.authenticate(mine.token)
    const change = { oldPassword: GOOD_PASSWORD, newPassword: NEW_PASSWORD }
    await keeper.changeOwnPassword(session, mine.token, change, HERE)
    expect((await door.authenticate(mine.token)).username).toBe('lan')
    expect((await refusalOf(door.authenticate(other.token))).code).toBe('token-invalid')
    expect((await refusalOf(door.signIn('lan', GOOD_PASSWORD, HERE))).code).toBe('credentials-invalid')
    expect((await door.signIn('lan', NEW_PASSWORD, HERE)).username).toBe('lan')
  })

  test('the old password must be right, the new one fit, and guessing the old one is limited too', async () => {
    const { keeper, door, add } = await openAccounts(database)
    await add('lan', 'viewer')
    const { token } = await door.signIn('lan', GOOD_PASSWORD, HERE)
    const session = await door.authenticate(token)
    const change = (oldPassword: string, newPassword: string) =>
      refusalOf(keeper.changeOwnPassword(session, token, { oldPassword, newPassword }, HERE))
    expect((await change(GOOD_PASSWORD, 'password')).code).toBe('password-unfit')
    for (let i = 0; i < 5; i++) expect((await change('wrong', NEW_PASSWORD)).code).toBe('credentials-invalid')
    expect((await change(GOOD_PASSWORD, NEW_PASSWORD)).code).toBe('account-locked')
    expect((await door.signIn('lan', GOOD_PASSWORD, ELSEWHERE)).username).toBe('lan')
  })

  test('a changed role holds for sessions that are open, on every node', async () => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'editor')
    const other = await accounts.anotherNode()
    const { token } = await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)
    expect(await accounts.keeper.change('LAN', { role: 'viewer' }, HERE)).toMatchObject({ role: 'viewer' })
    expect((await other.door.authenticate(token)).role).toBe('viewer')
  })

  test.each([
    ['locking', { locked: true }],
    ['a password set by an administrator', { password: NEW_PASSWORD }],
  ] as const)('%s ends all sessions at once', async (_, changes) => {
    const accounts = await openAccounts(database)
    await accounts.add('lan', 'editor')
    const other = await accounts.anotherNode()
    const { token } = await accounts.door.signIn('lan', GOOD_PASSWORD, HERE)
    await accounts.keeper.change('lan', changes, HERE)
    expect((await refusalOf(other.door.authenticate(token))).code).toBe('token-invalid')
  })

  test('removing ends all sessions, and the name made anew is somebody else', async () => {
    const { keeper, door, add } = await openAccounts(database)
    await add('lan', 'viewer')
    const { token } = await door.signIn('lan', GOOD_PASSWORD, HERE)
    await keeper.remove('lan', HERE)
    expect((await refusalOf(keeper.remove('lan', HERE))).code).toBe('account-not-found')
    expect((await refusalOf(keeper.change('lan', { role: 'admin' }, HERE))).code).toBe('account-not-found')
    await keeper.create({ username: 'lan', password: NEW_PASSWORD, role: 'admin' }, HERE)
    expect((await refusalOf(door.authenticate(token))).code).toBe('token-invalid')
  })

  test('the last administrator who can sign in can be neither removed, demoted nor locked', async () => {
    const { keeper, add } = await openAccounts(database)
    await add('first', 'admin')
    await add('second', 'admin')
    await keeper.change('second', { locked: true }, HERE)
    const attempts = [
      () => keeper.remove('first', HERE),
      () => keeper.change('first', { role: 'editor' }, HERE),
      () => keeper.change('first', { locked: true }, HERE),
      () => keeper.change('first', { role: 'viewer', locked: true, password: NEW_PASSWORD }, HERE),
    ]
    for (const attempt of attempts) expect((await refusalOf(attempt())).code).toBe('last-admin')
    expect((await keeper.list())[0]).toMatchObject({ username: 'first', role: 'admin', disabled: false })
    await keeper.change('second', { locked: false }, HERE)
    await keeper.remove('first', HERE)
  })

  test('two administrators who remove each other at once leave one', async () => {
    const accounts = await openAccounts(database)
    const other = await accounts.anotherNode()
    await accounts.add('first', 'admin')
    await accounts.add('second', 'admin')
    const done = await Promise.allSettled([
      accounts.keeper.remove('first', HERE),
      other.keeper.change('second', { role: 'viewer' }, HERE),
    ])
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await accounts.keeper.list()).filter(({ role }) => role === 'admin')).toHaveLength(1)
  })

  test('all of it is in the audit log, with who and what, without secrets', async () => {
    const { keeper, records } = await openAccounts(database)
    const actor = { ...HERE, username: 'admin' }
    await keeper.create({ username: 'lan', password: GOOD_PASSWORD }, actor)
    await keeper.change('lan', { role: 'editor', locked: true }, actor)
    await keeper.change('lan', { locked: false, password: NEW_PASSWORD }, actor)
    await keeper.remove('lan', actor)
    const { rows } = await records.audit.list({ username: 'admin' }, { page: 1, pageSize: 50 })
    expect(rows.map(({ action }) => action).toReversed()).toEqual([
      'account-create',
      'account-disable',
      'account-role',
      'account-enable',
      'account-forgive',
      'password-change',
      'account-remove',
    ])
    expect(new Set(rows.map(({ target }) => target))).toEqual(new Set(['account:lan']))
    expect(rows.find(({ action }) => action === 'account-role')?.details).toEqual({ before: 'viewer', after: 'editor' })
    expect(JSON.stringify(rows)).not.toMatch(/argon2|tre xanh|con đường/)
    expect((await records.audit.verify()).faults).toEqual([])
  })
})
