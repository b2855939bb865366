import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { type FileSeal, KeyMissing, SEALED_FILE_MAGIC, SealBroken } from '../domain/encryption.ts'
import { KEY_BYTES } from './key.ts'
import type { KeyRing } from './key-ring.ts'

/*
 * A sealed file: magic, key id (8 bytes), salt (16 bytes); then chunks of 64 KiB, the last one shorter or empty, each
 * followed by its tag. AES-256-GCM under a key made for this file from the salt (HKDF), the chunk's number and whether
 * it is the last as nonce: the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015). So no chunk can be
 * changed, moved, left out or come from another file, and a file without its end is known for one.
 */

const MAGIC = Buffer.from(SEALED_FILE_MAGIC, 'latin1')
const KEY_ID_BYTES = 8
const SALT_BYTES = 16
const HEADER_BYTES = MAGIC.length + KEY_ID_BYTES + SALT_BYTES
const CHUNK_BYTES = 64 * 1_024
const TAG_BYTES = 16
const NONCE_BYTES = 12
const LAST_FLAG_AT = NONCE_BYTES - 1
const CIPHER = 'aes-256-gcm'

export function fileSeal(ring: KeyRing): FileSeal {
  return {
    async *seal(plain) {
      const { id, bytes } = ring.current()
      const header = Buffer.concat([MAGIC, Buffer.from(id, 'hex'), randomBytes(SALT_BYTES)])
      const key = keyOfFile(bytes, header)
      yield header
      let number = 0
      for await (const { chunk, isLast } of inChunks(plain, CHUNK_BYTES)) {
        const cipher = createCipheriv(CIPHER, key, nonceOf(number++, isLast)).setAAD(header)
        yield Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()])
      }
    },

    async *open(sealed) {
      let key: Buffer | null = null
      let header = Buffer.alloc(0)
      let number = 0
      for await (const { chunk, isLast } of inChunks(sealed, CHUNK_BYTES + TAG_BYTES, HEADER_BYTES)) {
        if (key === null) {
          header = Buffer.from(chunk)
          key = openHeader(ring, header, isLast)
          continue
        }
        if (chunk.length < TAG_BYTES) throw new SealBroken('The sealed file is torn: its end is missing')
        const decipher = createDecipheriv(CIPHER, key, nonceOf(number++, isLast)).setAAD(header)
        decipher.setAuthTag(chunk.subarray(chunk.length - TAG_BYTES))
        const plain = decipher.update(chunk.subarray(0, chunk.length - TAG_BYTES))
        try {
          decipher.final()
        } catch (error) {
          throw new SealBroken('The sealed file is torn or was changed', { cause: error })
        }
        yield plain
      }
    },
  }
}

function openHeader(ring: KeyRing, header: Buffer, isLast: boolean): Buffer {
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new SealBroken('The file is not a sealed one')
  if (isLast) throw new SealBroken('The sealed file is torn: its end is missing')
  const id = header.subarray(MAGIC.length, MAGIC.length + KEY_ID_BYTES).toString('hex')
  const key = ring.key(id)
  if (key === undefined) throw new KeyMissing(id)
  return keyOfFile(key.bytes, header)
}

function keyOfFile(key: Buffer, header: Buffer): Buffer {
  const salt = header.subarray(MAGIC.length + KEY_ID_BYTES)
  return Buffer.from(hkdfSync('sha256', key, salt, 'nhandien sealed file', KEY_BYTES))
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeUIntBE(number, LAST_FLAG_AT - 6, 6)
  nonce[LAST_FLAG_AT] = isLast ? 1 : 0
  return nonce
}

/** Pieces of exactly `size` bytes (the first of `firstSize`) but for the last, which may be shorter, even empty. */
async function* inChunks(source: AsyncIterable<Uint8Array>, size: number, firstSize = size) {
  let held: Uint8Array[] = []
  let heldBytes = 0
  let due = firstSize
  for await (const piece of source) {
    held.push(piece)
    heldBytes += piece.length
    // One byte more than due shows that the chunk is not the last.
    if (heldBytes <= due) continue
    let rest: Buffer = Buffer.concat(held)
    while (rest.length > due) {
      yield { chunk: rest.subarray(0, due), isLast: false }
      rest = rest.subarray(due)
      due = size
    }
    held = [rest]
    heldBytes = rest.length
  }
  yield { chunk: Buffer.concat(held), isLast: true }
}
