/** Slow on purpose: Argon2id. Never called per request, only at sign-in and when a password is set. */
export interface Passwords {
  hash(password: string): Promise<string>
  /**
   * Whether the password is the stored one; takes the time of a real check too when `stored` is null (no such account).
   * `outdated` says that the stored form should be replaced by a new hash.
   */
  verify(stored: string | null, password: string): Promise<{ readonly matches: boolean; readonly outdated: boolean }>
}

/** Bearer tokens: 256 random bits, known to the records only by their SHA-256. */
export interface Tokens {
  issue(): { readonly token: string; readonly tokenHash: string }
  /** Lower-case hex. */
  hash(token: string): string
}
