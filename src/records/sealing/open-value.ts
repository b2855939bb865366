import { KeyMissing, SealBroken, type ValueSeal } from '../../domain/encryption.ts'
import { Refusal } from '../../domain/errors.ts'

/**
 * The bytes of a stored value. Null for one that does not belong here: it was changed or moved since it was sealed, or
 * was put, readable, where everything is sealed.
 * @throws Refusal `not-ready` where the key that opens it is not there
 */
export function openValue(seal: ValueSeal | null, keyId: string | null, stored: Buffer, place: string): Buffer | null {
  if (keyId === null) return seal === null ? stored : null
  try {
    if (seal === null) throw new KeyMissing(keyId)
    return seal.open(keyId, stored, place)
  } catch (error) {
    if (error instanceof SealBroken) return null
    if (error instanceof KeyMissing) throw new Refusal('not-ready', { part: 'encryption', keyId }, { cause: error })
    throw error
  }
}
