/** The same password however a keyboard composes it: NFKC, as NIST SP 800-63B asks for before hashing. */
export function normalForm(password: string): string {
  return password.normalize('NFKC')
}
