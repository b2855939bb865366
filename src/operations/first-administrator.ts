import { type Actor, checkUsername } from '../domain/account.ts'
import type { AccountRecords } from '../domain/account-records.ts'
import type { PasswordRules, Passwords } from '../domain/credentials.ts'
import { isRefusal } from '../domain/errors.ts'

export interface FirstAdministratorParts {
  readonly accounts: AccountRecords
  readonly passwords: Passwords
  readonly passwordRules: PasswordRules
  readonly username: string
  /** A random one is made up where this is empty. */
  readonly password: string
}

export type FirstAdministrator =
  /** `randomPassword` is to be shown once on the terminal, and nowhere else; null where one was given. */
  | { readonly outcome: 'made'; readonly username: string; readonly randomPassword: string | null }
  /** Accounts exist, but none may administer (those of an old table); one is to be promoted on the command line. */
  | { readonly outcome: 'no-administrator' }
  | { readonly outcome: 'present' }

const THE_SYSTEM: Actor = { username: null, address: null, requestId: null }

/**
 * Makes the first administrator where no account exists at all. Several nodes may start at once: one of them makes it.
 * @throws Refusal `password-unfit`, `field-invalid` for the name and password given
 */
export async function makeFirstAdministrator(parts: FirstAdministratorParts): Promise<FirstAdministrator> {
  const { accounts, passwords, passwordRules } = parts
  const present = await accounts.list()
  if (present.length > 0)
    return { outcome: present.some((account) => account.role === 'admin') ? 'present' : 'no-administrator' }
  const username = checkUsername(parts.username)
  const password = parts.password === '' ? passwords.random() : parts.password
  if (parts.password !== '') passwordRules.check(password, username)
  try {
    await accounts.create({ username, role: 'admin', passwordHash: await passwords.hash(password) }, THE_SYSTEM)
  } catch (error) {
    // Another node was quicker.
    if (isRefusal(error, 'username-taken')) return { outcome: 'present' }
    throw error
  }
  return { outcome: 'made', username, randomPassword: parts.password === '' ? password : null }
}
