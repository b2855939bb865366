import Type, { type Static } from 'typebox'
import { ROLES, USERNAME_LENGTH_MAX } from '../../domain/account.ts'
import type { Session } from '../../domain/account-records.ts'
import { PASSWORD_LENGTH_MAX } from '../../domain/credentials.ts'
import type { SignedIn } from '../../operations/sign-in.ts'
import { secretField, textField } from './field.ts'

export const USERNAME = textField(['username'], USERNAME_LENGTH_MAX, {
  description: 'The account.',
  examples: ['admin'],
})
export const PASSWORD = secretField(['password'], PASSWORD_LENGTH_MAX, { description: 'Its password.' })

const Role = Type.String({ enum: [...ROLES] })
const Instant = Type.String({ format: 'date-time' })

export const SignInAnswer = Type.Object({
  success: Type.Literal(true),
  token: Type.String({ description: 'To be sent as "Authorization: Bearer ...".' }),
  message: Type.Literal('Đăng nhập thành công'),
  username: Type.String(),
  role: Role,
  expires_at: Instant,
})
export type SignInAnswer = Static<typeof SignInAnswer>

export function signInAnswer({ token, username, role, expiresAt }: SignedIn): SignInAnswer {
  return {
    success: true,
    token,
    message: 'Đăng nhập thành công',
    username,
    role,
    expires_at: expiresAt.toISOString(),
  }
}

export const SignOutAnswer = Type.Object({ success: Type.Literal(true), message: Type.Literal('Đăng xuất thành công') })
export type SignOutAnswer = Static<typeof SignOutAnswer>

export function signOutAnswer(): SignOutAnswer {
  return { success: true, message: 'Đăng xuất thành công' }
}

export const SessionAnswer = Type.Object({
  success: Type.Literal(true),
  username: Type.String(),
  role: Role,
  expires_at: Instant,
})
export type SessionAnswer = Static<typeof SessionAnswer>

export function sessionAnswer({ username, role, expiresAt }: Session): SessionAnswer {
  return { success: true, username, role, expires_at: expiresAt.toISOString() }
}
