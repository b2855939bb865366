import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import { hash, verify as verifyArgon2 } from '@node-rs/argon2'
import { verify as verifyBcrypt } from '@node-rs/bcrypt'
import type { Passwords } from '../domain/credentials.ts'
import { boundedWork } from './bounded-work.ts'
import { normalForm } from './normal-form.ts'
import { ARGON2_COST, recogniseStored } from './stored-password.ts'

/** Half of libuv's four threads, so that files and pictures go on being read; 38 MiB together. */
const HASHES_AT_ONCE_MAX = 2
/** About 0.2 s of waiting for the last one, 12 ms each. */
const HASHES_WAITING_MAX = 32

/** Without i, l, o, u and the digits they are mistaken for. */
const RANDOM_ALPHABET = 'abcdefghjkmnpqrstvwxyz23456789'
const RANDOM_GROUPS = 5
const RANDOM_GROUP_LENGTH = 4

/**
 * Passwords as Argon2id in PHC form. What an adopted account table held instead (bcrypt, or the password itself) is
 * checked too and called outdated.
 */
export async function argon2Passwords(): Promise<Passwords> {
  const bounded = boundedWork(HASHES_AT_ONCE_MAX, HASHES_WAITING_MAX)
  // Checked where no hash is there to check, so that every answer takes the time of one.
  const nobodys = await hash('nobody has this password', ARGON2_COST)

  async function check(stored: string, password: string): Promise<{ matches: boolean; outdated: boolean }> {
    const recognised = recogniseStored(stored)
    switch (recognised.form) {
      case 'argon2':
        return { matches: await verifyArgon2(stored, normalForm(password)), outdated: recognised.outdated }
      case 'bcrypt':
        return { matches: await verifyBcrypt(password, stored), outdated: true }
      case 'text':
        await verifyArgon2(nobodys, normalForm(password))
        return { matches: equalInConstantTime(stored, password), outdated: true }
      case 'unusable':
        await verifyArgon2(nobodys, normalForm(password))
        return { matches: false, outdated: false }
    }
  }

  return {
    hash: (password) => bounded(() => hash(normalForm(password), ARGON2_COST)),
    verify: (stored, password) => bounded(() => check(stored ?? '', password)),
    random() {
      const group = () =>
        Array.from({ length: RANDOM_GROUP_LENGTH }, () => RANDOM_ALPHABET.charAt(randomInt(RANDOM_ALPHABET.length)))
      return Array.from({ length: RANDOM_GROUPS }, () => group().join('')).join('-')
    },
  }
}

/** In Unicode's canonical sense, as the two may have been typed on different keyboards. */
function equalInConstantTime(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text.normalize('NFC')).digest()
}
