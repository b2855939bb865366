import { expect, test } from 'vitest'
import { oldAccounts } from '../../test/accounts/old-accounts.ts'
import { HERE, type Node, openAccounts } from '../../test/accounts/open-accounts.ts'
import { refusalOf } from '../../test/accounts/refusal-of.ts'
import { describeEachDatabase } from '../../test/records/each-database.ts'
import { passwordRules } from '../credentials/password-rules.ts'
import { makeFirstAdministrator } from './first-administrator.ts'

const make = ({ records, passwords }: Node, username: string, password: string) =>
  makeFirstAdministrator({
    accounts: records.accounts,
    passwords,
    passwordRules: passwordRules(8),
    username,
    password,
  })

describeEachDatabase('the first administrator', (database) => {
  test('has the name and password that were set, and is made once', async () => {
    const node = await openAccounts(database)
    expect(await make(node, 'chủ', 'tre xanh ven sông')).toEqual({
      outcome: 'made',
      username: 'chủ',
      randomPassword: null,
    })
    expect(await make(node, 'another', 'tre xanh ven sông')).toEqual({ outcome: 'present' })
    expect(await node.door.signIn('chủ', 'tre xanh ven sông', HERE)).toMatchObject({ role: 'admin' })
    expect(await node.keeper.list()).toHaveLength(1)
  })

  test('gets a random password that is told once, where none was set', async () => {
    const node = await openAccounts(database)
    const made = await make(node, 'admin', '')
    if (made.outcome !== 'made' || made.randomPassword === null) throw new Error('no password was told')
    expect((await node.door.signIn('admin', made.randomPassword, HERE)).role).toBe('admin')
  })

  test('is made by one of several nodes that start at once', async () => {
    const first = await openAccounts(database)
    const nodes = [first, await first.anotherNode(), await first.anotherNode()]
    const made = await Promise.all(nodes.map((node) => make(node, 'admin', '')))
    expect(made.map(({ outcome }) => outcome).sort()).toEqual(['made', 'present', 'present'])
    expect(await first.keeper.list()).toHaveLength(1)
  })

  test('is not made with a password that everybody tries, nor a name that cannot be', async () => {
    const node = await openAccounts(database)
    expect((await refusalOf(make(node, 'admin', 'password'))).code).toBe('password-unfit')
    expect((await refusalOf(make(node, 'a b', 'tre xanh ven sông'))).code).toBe('field-invalid')
    expect(await node.keeper.list()).toEqual([])
  })

  test('is not made beside adopted accounts, and it is told that none of them administers', async () => {
    const node = await openAccounts(database, { url: await oldAccounts(database, { lan: 'secret123' }) })
    expect(await make(node, 'admin', 'tre xanh ven sông')).toEqual({ outcome: 'no-administrator' })
    await node.keeper.change('lan', { role: 'admin' }, HERE)
    expect(await make(node, 'admin', 'tre xanh ven sông')).toEqual({ outcome: 'present' })
  })
})
