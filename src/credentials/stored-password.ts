import { parseOptions as parseArgon2 } from '@node-rs/argon2'

/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
export const ARGON2_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** What a check may cost at most; whoever can write an account row must not be able to stop the server with it. */
const ARGON2_MEMORY_KIB_MAX = 262_144
const ARGON2_PASSES_MAX = 10
const ARGON2_LANES_MAX = 8
/** Each step doubles the time: about 0.8 s at 14. */
const BCRYPT_COST_MAX = 14
const BCRYPT_COST_MIN = 4
/** Cost, then 22 characters of salt and 31 of hash. */
const BCRYPT = /^\$2[abxy]?\$(\d\d)\$[./A-Za-z0-9]{53}$/

/** Hashes of crypt(3) and PHC. None of them is a password itself: whoever read the table could sign in with it. */
const OTHER_HASH =
  /^\$(1|2[abxy]?|5|6|7|y|gy|p|h|s|apr1|md5|sha1|argon2[a-z]*|b?scrypt|bcrypt-sha256|pbkdf2[a-z0-9-]*)\$./i

/** What an account table holds for a password; `unusable` matches nothing. */
export type StoredPassword =
  | { readonly form: 'argon2'; readonly outdated: boolean }
  | { readonly form: 'bcrypt' }
  | { readonly form: 'text' }
  | { readonly form: 'unusable' }

export function recogniseStored(stored: string): StoredPassword {
  if (stored === '') return { form: 'unusable' }
  return recogniseArgon2(stored) ?? recogniseBcrypt(stored) ?? { form: OTHER_HASH.test(stored) ? 'unusable' : 'text' }
}

function recogniseArgon2(stored: string): StoredPassword | null {
  if (!stored.startsWith('$argon2')) return null
  try {
    const { memoryCost, timeCost, parallelism } = parseArgon2(stored)
    if (memoryCost > ARGON2_MEMORY_KIB_MAX || timeCost > ARGON2_PASSES_MAX || parallelism > ARGON2_LANES_MAX)
      return { form: 'unusable' }
    const asWanted =
      stored.startsWith('$argon2id$') &&
      memoryCost === ARGON2_COST.memoryCost &&
      timeCost === ARGON2_COST.timeCost &&
      parallelism === ARGON2_COST.parallelism
    return { form: 'argon2', outdated: !asWanted }
  } catch {
    return { form: 'unusable' }
  }
}

function recogniseBcrypt(stored: string): StoredPassword | null {
  if (!/^\$2[abxy]?\$/.test(stored)) return null
  const [, cost] = BCRYPT.exec(stored) ?? []
  const bearable = cost !== undefined && Number(cost) >= BCRYPT_COST_MIN && Number(cost) <= BCRYPT_COST_MAX
  return { form: bearable ? 'bcrypt' : 'unusable' }
}
