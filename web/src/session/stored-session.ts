/*
 * What the contract says of the session: these three keys, in sessionStorage, so that a tab signs in for itself and
 * closing it signs out.
 */
const TOKEN = 'authToken'
const USERNAME = 'username'
const SIGNED_IN = 'isLoggedIn'
const ROLE = 'role'

export const ROLES = ['viewer', 'editor', 'admin'] as const
export type Role = (typeof ROLES)[number]

export interface StoredSession {
  readonly username: string
  /** Null until the server has said. */
  readonly role: Role | null
}

/** Sent to the window when the server no longer knows the session. */
export class SessionEnded extends Event {
  static readonly type = 'nhandien-session-ended'
  readonly code: string

  constructor(code: string) {
    super(SessionEnded.type)
    this.code = code
  }
}

export function readToken(): string | null {
  return sessionStorage.getItem(TOKEN)
}

export function readSession(): StoredSession | null {
  const username = sessionStorage.getItem(USERNAME)
  if (readToken() === null || username === null) return null
  return { username, role: asRole(sessionStorage.getItem(ROLE)) }
}

export function storeSession(token: string, username: string, role: string): void {
  sessionStorage.setItem(TOKEN, token)
  sessionStorage.setItem(USERNAME, username)
  sessionStorage.setItem(SIGNED_IN, 'true')
  sessionStorage.setItem(ROLE, role)
}

export function forgetSession(): void {
  for (const key of [TOKEN, USERNAME, SIGNED_IN, ROLE]) sessionStorage.removeItem(key)
}

export function endSession(code: string): void {
  forgetSession()
  window.dispatchEvent(new SessionEnded(code))
}

export function asRole(text: string | null): Role | null {
  return ROLES.find((role) => role === text) ?? null
}

/** Each role may do all that the ones before it may. */
export function roleAllows(role: Role | null, wanted: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(wanted)
}
