import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commandLine } from '../../test/cli/command-line.ts'
import { accountCommand } from './account.ts'
import { auditCommand } from './audit.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** The command as it is installed, with a password on its standard input. */
async function piped(
  dataDir: string,
  input: string,
  ...words: readonly string[]
): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, [MAIN, ...words], { env: { ...process.env, DATA_DIR: dataDir } })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (printed += text.toString()))
  child.stdin.end(input)
  await once(child, 'close')
  return { code: child.exitCode, printed }
}

test('accounts are made, listed, changed and removed', async () => {
  const { run } = await commandLine()
  const account = (...words: string[]) => run(accountCommand(), ...words)
  expect(await account('list')).toBe('')
  expect(await account('add', 'chủ', '--role', 'admin', '--random')).toMatch(
    /^chủ may sign in as admin with the password [a-z2-9]{4}(-[a-z2-9]{4}){4}\n$/,
  )
  await account('add', 'lan', '--random')
  expect(await account('list')).toBe('chủ\tadmin\nlan\tviewer\n')
  expect(await account('role', 'LAN', 'editor')).toBe('lan\teditor\n')
  expect(await account('lock', 'lan')).toBe('lan\teditor\tlocked\n')
  expect(await account('unlock', 'lan')).toBe('lan\teditor\n')
  expect(await account('passwd', 'lan', '--random')).toMatch(/^lan has the password /)
  expect(JSON.parse(await account('list', '--json'))).toEqual([
    { username: 'chủ', role: 'admin', disabled: false, lockedUntil: null },
    { username: 'lan', role: 'editor', disabled: false, lockedUntil: null },
  ])
  expect(await account('remove', 'lan')).toBe('lan is removed\n')
  const log = await run(auditCommand(), 'export')
  expect(log).toContain('(console),account-remove,account:lan,done')
  expect(log).not.toMatch(/argon2|password [a-z2-9]/)
})

test('what cannot be is refused', async () => {
  const { run } = await commandLine()
  const account = (...words: string[]) => run(accountCommand(), ...words)
  await account('add', 'chủ', '--role', 'admin', '--random')
  await expect(account('add', 'CHỦ', '--random')).rejects.toThrow('username-taken')
  await expect(account('add', 'a b', '--random')).rejects.toThrow('field-invalid')
  await expect(account('role', 'nobody', 'viewer')).rejects.toThrow('account-not-found')
  for (const words of [
    ['remove', 'chủ'],
    ['lock', 'chủ'],
    ['role', 'chủ', 'viewer'],
  ])
    await expect(account(...words)).rejects.toThrow('last-admin')
})

test('a password comes from standard input, by the rules for passwords', async () => {
  const { dataDir, run } = await commandLine()
  expect(await piped(dataDir, 'tre xanh ven sông\r\nsecond line\n', 'account', 'add', 'lan')).toEqual({
    code: 0,
    printed: 'lan may sign in as viewer\n',
  })
  expect(await piped(dataDir, 'password\n', 'account', 'passwd', 'lan')).toMatchObject({ code: 1 })
  expect(await piped(dataDir, '', 'account', 'add', 'hoa')).toMatchObject({ code: 1 })
  expect(await run(accountCommand(), 'list')).toBe('lan\tviewer\n')
})
