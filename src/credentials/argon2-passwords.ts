import { hash, verify } from '@node-rs/argon2'
import type { Passwords } from '../domain/credentials.ts'

/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane (the library's algorithm default is Argon2id). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Passwords as Argon2id in PHC form. */
export async function argon2Passwords(): Promise<Passwords> {
  // Checked where there is no such account, so that both answers take the same time.
  const nobodys = await hash('nobody has this password', COST)
  return {
    hash: async (password) => await hash(password, COST),

    async verify(stored, password) {
      if (stored === null) {
        await verify(nobodys, password)
        return { matches: false, outdated: false }
      }
      return { matches: await verify(stored, password), outdated: false }
    },
  }
}
