import Type, { type Static } from 'typebox'
import { type Account, ROLES, type Role } from '../../domain/account.ts'
import { PASSWORD_LENGTH_MAX } from '../../domain/credentials.ts'
import type { ListedAccount } from '../../operations/accounts.ts'
import { choiceField, type Field, flagField, secretField } from './field.ts'
import { nullable } from './person.ts'

export const NEW_PASSWORD = secretField(['new_password'], PASSWORD_LENGTH_MAX, {
  description: 'Long enough, not among the passwords that everybody tries first; any characters.',
})
export const OLD_PASSWORD = secretField(['old_password'], PASSWORD_LENGTH_MAX, { description: 'The one in force.' })

export const ROLE: Field<Role> = choiceField(['role'], ROLES, {
  description: 'Each role may do all that the ones before it may: viewer, editor, admin.',
})

export const LOCKED = flagField(['locked'], {
  description: 'Locking ends all sessions of the account; unlocking forgives failed sign-ins too.',
  default: undefined,
})

const Success = Type.Literal(true)
const RoleName = Type.String({ enum: [...ROLES] })

export const RegisterAnswer = Type.Object({ success: Success, username: Type.String(), role: RoleName })
export type RegisterAnswer = Static<typeof RegisterAnswer>

export function registerAnswer({ username, role }: Account): RegisterAnswer {
  return { success: true, username, role }
}

export const PasswordAnswer = Type.Object({ success: Success, message: Type.Literal('Đổi mật khẩu thành công') })
export type PasswordAnswer = Static<typeof PasswordAnswer>

export function passwordAnswer(): PasswordAnswer {
  return { success: true, message: 'Đổi mật khẩu thành công' }
}

const ListedAccountAnswer = Type.Object({
  username: Type.String(),
  role: RoleName,
  locked: Type.Boolean({ description: 'By an administrator.' }),
  locked_until: nullable(
    Type.String({ format: 'date-time', description: 'After failed sign-ins, for addresses it never signed in from.' }),
  ),
})

export const AccountAnswer = Type.Object({ success: Success, account: ListedAccountAnswer })
export type AccountAnswer = Static<typeof AccountAnswer>

export function accountAnswer(account: ListedAccount): AccountAnswer {
  return { success: true, account: listed(account) }
}

export const AccountsAnswer = Type.Object({
  success: Success,
  accounts: Type.Array(ListedAccountAnswer),
  total: Type.Integer(),
})
export type AccountsAnswer = Static<typeof AccountsAnswer>

export function accountsAnswer(accounts: readonly ListedAccount[]): AccountsAnswer {
  return { success: true, accounts: accounts.map(listed), total: accounts.length }
}

export const RemoveAccountAnswer = Type.Object({ success: Success, username: Type.String() })
export type RemoveAccountAnswer = Static<typeof RemoveAccountAnswer>

export function removeAccountAnswer(username: string): RemoveAccountAnswer {
  return { success: true, username }
}

function listed({ username, role, disabled, lockedUntil }: ListedAccount): Static<typeof ListedAccountAnswer> {
  return { username, role, locked: disabled, locked_until: lockedUntil?.toISOString() ?? null }
}
