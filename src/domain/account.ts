import { Refusal } from './errors.ts'
import { checkText } from './person.ts'

/** Each role may do all that the ones before it may. */
export const ROLES = ['viewer', 'editor', 'admin'] as const
export type Role = (typeof ROLES)[number]

export function roleAllows(held: Role, needed: Role): boolean {
  return ROLES.indexOf(held) >= ROLES.indexOf(needed)
}

export interface Account {
  readonly username: string
  readonly role: Role
}

/** Who does something, for the audit log; nulls where nobody signed in or no request is behind it. */
export interface Actor {
  readonly username: string | null
  readonly address: string | null
  readonly requestId: string | null
}

/** Characters, as the tables of the old system hold them. */
export const USERNAME_LENGTH_MAX = 50

/** Words of any script joined by signs that need no quoting in an address line, a shell or a table. */
const USERNAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+-]*$/u

/**
 * A name that a new account may have, in the form in which it is stored.
 * @throws Refusal `field-invalid`
 */
export function checkUsername(username: string): string {
  const clean = checkText('username', username, USERNAME_LENGTH_MAX)
  if (!USERNAME.test(clean)) throw new Refusal('field-invalid', { field: 'username', reason: 'characters' })
  return clean
}

/** Whose work it is, where work has to wait: one network's; undefined for what no request asked for. */
export function callerOf({ address }: Pick<Actor, 'address'>): string | undefined {
  return address === null ? undefined : networkOf(address)
}

/** The part of an address that one subscriber has: all of IPv4, the first 64 bits of IPv6. */
export function networkOf(address: string): string {
  if (address.includes('.')) return address.replace(/^::ffff:/i, '')
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after]
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}
