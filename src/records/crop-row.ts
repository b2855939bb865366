import type { ValueSeal } from '../domain/encryption.ts'
import { openValue } from './sealing/open-value.ts'
import type { CropTable } from './tables.ts'

/** A crop as it is stored: the JPEG, or what it was sealed to, and the key that opens it. */
export function encodeCrop(seal: ValueSeal | null, imageId: number, jpeg: Uint8Array): CropTable {
  const bytes = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  const sealed = seal?.seal(bytes, placeOf(imageId)) ?? null
  return { image_id: imageId, jpeg: sealed?.sealed ?? bytes, key_id: sealed?.keyId ?? null }
}

/**
 * The JPEG of a row; null where it was changed or moved since it was sealed, or is not encrypted though everything is.
 * @throws Refusal `not-ready` where the key that opens it is not there
 */
export function decodeCrop(seal: ValueSeal | null, row: CropTable): Buffer | null {
  return openValue(seal, row.key_id, row.jpeg, placeOf(row.image_id))
}

function placeOf(imageId: number): string {
  return `crop ${imageId}`
}
