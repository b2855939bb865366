import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AccountAnswer, AccountsAnswer, PasswordAnswer } from '../../src/http/wire/account.ts'
import { type Answered, type Call, call, ENCODINGS, expectAnswer, expectError } from './call.ts'
import { PASSWORD, type ServerUnderTest, startServer } from './server-under-test.ts'

const NEW_PASSWORD = 'một con đường khác'

let server: ServerUnderTest
let admin: string
beforeAll(async () => {
  server = await startServer()
  admin = await server.tokenOf('admin')
})
afterAll(async () => await server.close())

const send = async (path: string, wish: Call = {}): Promise<Answered> => await call(server.url, path, wish)
const register = async (username: string, more: Readonly<Record<string, unknown>> = {}, wish: Call = {}) =>
  await send('/auth/register', { token: admin, fields: { username, password: PASSWORD, ...more }, ...wish })
const signIn = async (username: string, password = PASSWORD) =>
  await send('/auth/login', { fields: { username, password } })
const tokenOf = async (username: string): Promise<string> => {
  const { body } = await signIn(username)
  if (typeof body === 'object' && body !== null && 'token' in body) return String(body.token)
  throw new Error(`${username} was not signed in`)
}

describe('POST /auth/register', () => {
  test.each(['/auth/register', '/register'])('%s makes an account from every encoding', async (path) => {
    for (const encoding of ENCODINGS) {
      const username = `lan${path.replaceAll('/', '.')}.${encoding}`
      const { status, body } = await send(path, {
        token: admin,
        fields: { username, password: PASSWORD, role: 'editor' },
        encoding,
      })
      expect([status, body]).toEqual([201, { success: true, username, role: 'editor' }])
      expect((await signIn(username)).body).toMatchObject({ success: true, username, role: 'editor' })
    }
  })

  test('nobody and lesser roles may not', async () => {
    const fields = { username: 'x1', password: PASSWORD }
    expectError(await send('/auth/register', { fields }), 'token-missing')
    for (const role of ['viewer', 'editor'] as const)
      expectError(await register('x1', {}, { token: await server.tokenOf(role) }), 'forbidden')
    expectError(await signIn('x1'), 'credentials-invalid')
  })

  test('what it refuses', async () => {
    await register('taken')
    expectError(await register('TAKEN'), 'username-taken')
    expectError(await register('x2', { password: 'short' }), 'password-unfit', { reason: 'too-short', min: 8 })
    expectError(await register('x2', { password: 'password' }), 'password-unfit', { reason: 'common' })
    expectError(await register('x2', { role: 'owner' }), 'field-invalid', { field: 'role' })
    expectError(await register('x2', { password: undefined }, { encoding: 'json' }), 'field-missing', {
      field: 'password',
    })
    for (const username of ["a' OR 1=1 --", 'a b', '=1+1', 'x'.repeat(51), 'x'.repeat(10_000), '😀'])
      expectError(await register(username), 'field-invalid', { field: 'username' })
    for (const username of [7, true, ['a'], { $ne: '' }])
      expectError(await register('', { username }, { encoding: 'json' }), 'field-invalid', { field: 'username' })
  })

  test('fields that nobody asks for change nothing', async () => {
    const body = `{"username":"mass","password":"${PASSWORD}","disabled":true,"__proto__":{"role":"admin"},"constructor":{"role":"admin"}}`
    const headers = { 'content-type': 'application/json' }
    expect((await send('/auth/register', { token: admin, body, headers })).body).toMatchObject({ role: 'viewer' })
    expect((await signIn('mass')).status).toBe(200)
  })
})

describe('POST /auth/password', () => {
  test('changes it and ends the other sessions', async () => {
    await register('changer')
    const [mine, other] = [await tokenOf('changer'), await tokenOf('changer')]
    const fields = { old_password: PASSWORD, new_password: NEW_PASSWORD }
    expectAnswer(await send('/auth/password', { token: mine, fields }), PasswordAnswer)
    expect((await send('/auth/status', { method: 'GET', token: mine })).status).toBe(200)
    expectError(await send('/auth/status', { method: 'GET', token: other }), 'token-invalid')
    expectError(await signIn('changer'), 'credentials-invalid')
    expect((await signIn('changer', NEW_PASSWORD)).status).toBe(200)
  })

  test('what it refuses', async () => {
    await register('refused')
    const token = await tokenOf('refused')
    const change = async (fields: Readonly<Record<string, string>>, wish: Call = { token }) =>
      await send('/auth/password', { ...wish, fields })
    expectError(await change({ old_password: PASSWORD, new_password: NEW_PASSWORD }, {}), 'token-missing')
    expectError(await change({ old_password: 'wrong', new_password: NEW_PASSWORD }), 'credentials-invalid')
    expectError(await change({ old_password: PASSWORD, new_password: 'refused' }), 'password-unfit')
    expectError(await change({ old_password: PASSWORD }), 'field-missing', { field: 'new_password' })
    expect((await signIn('refused')).status).toBe(200)
  })
})

describe('guessing', () => {
  test('locks a name, known or not, and tells when to come again', async () => {
    await register('guessed')
    for (const username of ['guessed', 'never-there']) {
      for (let i = 0; i < 5; i++) expectError(await signIn(username, `guess ${i}`), 'credentials-invalid')
      const locked = await signIn(username)
      const body = expectError(locked, 'account-locked')
      expect(body.details?.retry_after_seconds).toBeGreaterThan(0)
      expect(Number(locked.headers.get('retry-after'))).toBe(body.details?.retry_after_seconds)
    }
    const token = await server.tokenOf('admin')
    const wish = { method: 'PATCH', token, fields: { locked: false }, encoding: 'json' } as const
    expect((await send('/accounts/guessed', wish)).status).toBe(200)
    expect((await signIn('guessed')).status).toBe(200)
  })
})

describe('/accounts', () => {
  test('lists without secrets, changes role, lock and password, removes', async () => {
    await register('nguyễn.lan')
    const path = `/accounts/${encodeURIComponent('nguyễn.lan')}`
    const token = await tokenOf('nguyễn.lan')
    const listed = expectAnswer<{ accounts: unknown[] }>(
      await send('/accounts', { method: 'GET', token: admin }),
      AccountsAnswer,
    )
    expect(listed.accounts).toContainEqual({
      username: 'nguyễn.lan',
      role: 'viewer',
      locked: false,
      locked_until: null,
    })
    expect(JSON.stringify(listed)).not.toMatch(/argon2|password/)

    const patch = async (fields: Readonly<Record<string, unknown>>) =>
      await send(path, { method: 'PATCH', token: admin, fields, encoding: 'json' })
    expectAnswer(await patch({ role: 'editor' }), AccountAnswer)
    expect((await send('/auth/status', { method: 'GET', token })).body).toMatchObject({ role: 'editor' })
    expect((await patch({ locked: true })).body).toMatchObject({ account: { locked: true } })
    expectError(await send('/auth/status', { method: 'GET', token }), 'token-invalid')
    expectError(await signIn('nguyễn.lan'), 'account-locked')
    await patch({ locked: 'false', password: NEW_PASSWORD })
    expect((await signIn('nguyễn.lan', NEW_PASSWORD)).status).toBe(200)

    expect((await send(path, { method: 'DELETE', token: admin })).body).toEqual({
      success: true,
      username: 'nguyễn.lan',
    })
    expectError(await send(path, { method: 'DELETE', token: admin }), 'account-not-found')
    expectError(await signIn('nguyễn.lan', NEW_PASSWORD), 'credentials-invalid')
  })

  test('what it refuses', async () => {
    await register('other')
    const patch = async (fields: Readonly<Record<string, unknown>>, path = '/accounts/other') =>
      await send(path, { method: 'PATCH', token: admin, fields, encoding: 'json' })
    expectError(await patch({}), 'field-missing')
    expectError(await patch({ role: 'root' }), 'field-invalid', { field: 'role' })
    expectError(await patch({ locked: 'perhaps' }), 'field-invalid', { field: 'locked' })
    expectError(await patch({ password: 'other' }), 'password-unfit')
    expectError(await patch({ role: 'viewer' }, '/accounts/nobody'), 'account-not-found')
    for (const role of ['viewer', 'editor'] as const) {
      const token = await server.tokenOf(role)
      for (const method of ['PATCH', 'DELETE'])
        expectError(await send('/accounts/other', { method, token, fields: { role: 'admin' } }), 'forbidden')
      expectError(await send('/accounts', { method: 'GET', token }), 'forbidden')
    }
  })

  test('the last administrator stays', async () => {
    // The server made "admin" at its start; from here on it is the only one.
    const first = await tokenOf('admin')
    expect((await send('/accounts/the-admin', { method: 'DELETE', token: first })).status).toBe(200)
    const path = '/accounts/admin'
    expectError(await send(path, { method: 'DELETE', token: first }), 'last-admin')
    for (const fields of [{ role: 'viewer' }, { locked: true }])
      expectError(await send(path, { method: 'PATCH', token: first, fields }), 'last-admin')
    expect((await send('/auth/status', { method: 'GET', token: first })).body).toMatchObject({ role: 'admin' })
  })

  test('nothing of a password or token was logged', () => {
    const log = server.log.join('\n')
    for (const secret of [PASSWORD, NEW_PASSWORD, admin, 'argon2']) expect(log).not.toContain(secret)
  })
})
