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
