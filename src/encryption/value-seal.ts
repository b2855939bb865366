import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { KeyMissing, SealBroken, type ValueSeal } from '../domain/encryption.ts'
import type { KeyRing } from './key-ring.ts'

/*
 * A sealed value: nonce (12 random bytes), ciphertext, tag (16 bytes). Random nonces of 96 bits are safe for 2^32 values
 * under one key (NIST SP 800-38D, 8.3); rotate long before that.
 */

const NONCE_BYTES = 12
const TAG_BYTES = 16
const CIPHER = 'aes-256-gcm'

/** AES-256-GCM; the place is authenticated with the value, so that one moved to another row does not open. */
export function valueSeal(ring: KeyRing): ValueSeal {
  return {
    currentKeyId: () => ring.current().id,
    hasKey: (keyId) => ring.key(keyId) !== undefined,

    seal(plain, place) {
      const { id, bytes } = ring.current()
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, bytes, nonce).setAAD(Buffer.from(place))
      return {
        keyId: id,
        sealed: Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]),
      }
    },

    open(keyId, sealed, place) {
      const key = ring.key(keyId)
      if (key === undefined) throw new KeyMissing(keyId)
      if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken('A sealed value is too short')
      const decipher = createDecipheriv(CIPHER, key.bytes, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(place))
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
      const plain = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES))
      try {
        return Buffer.concat([plain, decipher.final()])
      } catch (error) {
        throw new SealBroken('A sealed value was changed, or moved to another place', { cause: error })
      }
    },
  }
}
