/** UTF-16 units as sent. Room for any phrase, and a bound on what one request can have hashed. */
export const PASSWORD_LENGTH_MAX = 256

/** Slow on purpose: Argon2id. Never called per request, only at sign-in and when a password is set. */
export interface Passwords {
  /** PHC form. @throws Refusal `overloaded` when too many wait */
  hash(password: string): Promise<string>
  /**
   * Whether the password is the stored one; takes the time of a real check too when `stored` is null (no such account).
   * `outdated` says that the stored form should be replaced by a new hash.
   * @throws Refusal `overloaded` when too many wait
   */
  verify(stored: string | null, password: string): Promise<{ readonly matches: boolean; readonly outdated: boolean }>
  /** One that nobody guesses and that can be typed from a terminal. */
  random(): string
}

export interface PasswordRules {
  /** @throws Refusal `password-unfit` with `reason`: `too-short`, `too-long`, `control-characters`, `common`, `username` */
  check(password: string, username: string): void
}

/** Bearer tokens: 256 random bits, known to the records only by their SHA-256. */
export interface Tokens {
  issue(): { readonly token: string; readonly tokenHash: string }
  /** Lower-case hex. */
  hash(token: string): string
}
