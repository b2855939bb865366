import { hash as bcrypt } from '@node-rs/bcrypt'
import { expect, test } from 'vitest'
import { oldAccounts } from '../../test/accounts/old-accounts.ts'
import { ELSEWHERE, HERE, openAccounts } from '../../test/accounts/open-accounts.ts'
import { refusalOf } from '../../test/accounts/refusal-of.ts'
import { describeEachDatabase } from '../../test/records/each-database.ts'

describeEachDatabase('accounts of the old system', (database) => {
  test('sign in with what they had, once; from then on an Argon2id hash is stored', async () => {
    const passwords = { plain: '123456', nam: 'mật khẩu cũ', bcrypt: 'tre xanh', php: 'ven sông' }
    const url = await oldAccounts(database, {
      plain: passwords.plain,
      nam: passwords.nam.normalize('NFD'),
      bcrypt: await bcrypt(passwords.bcrypt, 4),
      php: (await bcrypt(passwords.php, 4)).replace('$2b', '$2y'),
    })
    const accounts = await openAccounts(database, { url })
    for (const [username, password] of Object.entries(passwords)) {
      expect((await refusalOf(accounts.door.signIn(username, `${password}!`, HERE))).code).toBe('credentials-invalid')
      expect(await accounts.door.signIn(username, password, HERE)).toMatchObject({ username, role: 'editor' })
      const stored = (await accounts.records.accounts.account(username))?.passwordHash
      expect(stored).toMatch(/^\$argon2id\$/)
      expect((await accounts.door.signIn(username, password, HERE)).username).toBe(username)
      expect((await accounts.records.accounts.account(username))?.passwordHash).toBe(stored)
    }
    const { rows } = await accounts.records.audit.list({ action: 'password-upgrade' }, { page: 1, pageSize: 10 })
    expect(rows.map(({ target, username }) => [target, username])).toEqual(
      Object.keys(passwords)
        .toReversed()
        .map((username) => [`account:${username}`, username]),
    )
    expect(JSON.stringify(rows)).not.toMatch(/argon2|123456/)
  })

  test('without a usable password nobody gets in until an administrator sets one', async () => {
    const crypt = '$1$salt$qJH7.N4xYta3aEG/dfqo/0'
    const accounts = await openAccounts(database, {
      url: await oldAccounts(database, { empty: '', none: null, crypt }),
    })
    for (const [username, guess] of [
      ['empty', ''],
      ['none', ''],
      ['none', 'null'],
      ['crypt', crypt],
    ] as const)
      expect((await refusalOf(accounts.door.signIn(username, guess, HERE))).code).toBe('credentials-invalid')
    await accounts.keeper.change('none', { password: 'tre xanh ven sông' }, HERE)
    expect((await accounts.door.signIn('none', 'tre xanh ven sông', ELSEWHERE)).username).toBe('none')
  })

  test('two first sign-ins at once both succeed, and one hash is left that both match', async () => {
    const accounts = await openAccounts(database, { url: await oldAccounts(database, { lan: 'secret123' }) })
    const other = await accounts.anotherNode()
    const signedIn = await Promise.all([
      accounts.door.signIn('lan', 'secret123', HERE),
      other.door.signIn('lan', 'secret123', ELSEWHERE),
    ])
    for (const { token } of signedIn) expect((await other.door.authenticate(token)).username).toBe('lan')
    expect((await accounts.door.signIn('lan', 'secret123', HERE)).username).toBe('lan')
  })
})
