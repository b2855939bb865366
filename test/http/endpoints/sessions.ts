import { describe, expect, test } from 'vitest'
import { SessionAnswer, SignInAnswer, SignOutAnswer } from '../../../src/http/wire/session.ts'
import { ENCODINGS, expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'
import { PASSWORD } from '../server-under-test.ts'

export function sessionTests(contract: () => Contract): void {
  const right = { username: 'the-viewer', password: PASSWORD }

  describe('POST /auth/login, /login', () => {
    test('gives a token in every encoding', async () => {
      for (const path of ['/auth/login', '/login'])
        for (const encoding of ENCODINGS) {
          const answered = await contract().call(path, { encoding, fields: right })
          const answer = expectAnswer<SignInAnswer>(answered, SignInAnswer)
          expect(answer).toMatchObject({ message: 'Đăng nhập thành công', username: 'the-viewer', role: 'viewer' })
          expect(Date.parse(answer.expires_at)).toBeGreaterThan(Date.now())
        }
    })

    test('does not tell an unknown account from a wrong password', async () => {
      const { call } = contract()
      const wrong = await call('/auth/login', { encoding: 'json', fields: { ...right, password: 'sai' } })
      const unknown = await call('/auth/login', { encoding: 'json', fields: { ...right, username: 'ai-do' } })
      const { request_id: one, ...first } = expectError(wrong, 'credentials-invalid')
      const { request_id: two, ...second } = expectError(unknown, 'credentials-invalid')
      expect(first).toEqual(second)
      expect(one).not.toBe(two)
    })

    test('wants text for both', async () => {
      const login = async (fields: Record<string, unknown>) =>
        await contract().call('/auth/login', { encoding: 'json', fields })
      expectError(await login({}), 'field-missing', { field: 'username' })
      expectError(await login({ username: 'a' }), 'field-missing', { field: 'password' })
      expectError(await login({ username: ['a'], password: 'b' }), 'field-invalid', { field: 'username' })
      expectError(await login({ username: 'a', password: { a: 1 } }), 'field-invalid', { field: 'password' })
      expectError(await login({ username: 'a', password: 5 }), 'field-invalid', { field: 'password' })
      expectError(await login({ username: 'a', password: 'x'.repeat(2000) }), 'field-invalid', { reason: 'too-long' })
      const inUrl = await contract().call('/login?username=admin&password=x', { encoding: 'json', fields: {} })
      expectError(inUrl, 'field-invalid', { field: 'password', reason: 'secret-in-url' })
      expectError(await login({ username: "' OR '1'='1", password: "' OR '1'='1" }), 'credentials-invalid')
    })
  })

  test('GET /auth/status, and POST /auth/logout kills the token at once', async () => {
    const { call, server } = contract()
    const token = await server.tokenOf('viewer')
    const status = async () => await call('/auth/status', { method: 'GET', token })
    expect(expectAnswer(await status(), SessionAnswer)).toMatchObject({ username: 'the-viewer', role: 'viewer' })
    const out = await call('/auth/logout', { token, body: '' })
    expect(expectAnswer(out, SignOutAnswer)).toEqual({ success: true, message: 'Đăng xuất thành công' })
    expectError(await status(), 'token-invalid')
    expectError(await call('/auth/logout', { token, body: '' }), 'token-invalid')
  })

  describe('tokens', () => {
    const status = async (authorization: string) =>
      await contract().call('/auth/status', { method: 'GET', headers: { authorization } })

    test('only bearer tokens sign a request', async () => {
      const token = await contract().server.tokenOf('viewer')
      expect((await status(`bearer ${token}`)).status).toBe(200)
      expectError(await status(`Bearer  ${token}`), 'token-invalid')
      expectError(await status(`Bearer ${token} ${token}`), 'token-invalid')
      expectError(await status('Bearer'), 'token-invalid')
      expectError(await status(`Bearer ${token.slice(1)}x`), 'token-invalid')
      expectError(await status(`Basic ${Buffer.from(`the-viewer:${PASSWORD}`).toString('base64')}`), 'token-missing')
      expectError(await status(token), 'token-missing')
    })

    test('are refused in addresses', async () => {
      const { call, server } = contract()
      const token = await server.tokenOf('viewer')
      for (const name of ['token', 'access_token', 'authToken']) {
        const answered = await call(`/auth/status?${name}=${token}`, { method: 'GET', token })
        expectError(answered, 'field-invalid', { field: name, reason: 'secret-in-url' })
      }
    })

    test('that are no good make a nobody of their sender where anybody may call', async () => {
      const answered = await contract().call('/list_nguoi', { method: 'GET', token: 'A'.repeat(43) })
      expect(answered.status).toBe(200)
    })
  })
}
