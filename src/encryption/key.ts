import { createHmac, randomBytes } from 'node:crypto'
import { ServerMisconfigured } from '../domain/errors.ts'

export const KEY_BYTES = 32
const KEY_ID_BYTES = 8

/** A key of AES-256 and the name that is written beside what it sealed. */
export interface Key {
  /** 16 hexadecimal digits, made from the key: the same key has the same id everywhere, and another one another. */
  readonly id: string
  readonly bytes: Buffer
}

export function newKey(): Key {
  return keyOf(randomBytes(KEY_BYTES))
}

function keyOf(bytes: Buffer): Key {
  const id = createHmac('sha256', bytes)
    .update('nhandien key id')
    .digest('hex')
    .slice(0, KEY_ID_BYTES * 2)
  return { id, bytes }
}

/**
 * Keys in Base64, separated by line breaks or commas; `#` begins a comment. The first is sealed with, the others only
 * open what they sealed.
 * @param source where the text comes from, for messages
 * @throws ServerMisconfigured for anything that is no key; it never holds what stood there
 */
export function parseKeys(text: string, source: string): readonly [Key, ...Key[]] {
  const entries = text
    .split('\n')
    .flatMap((line) => (line.split('#', 1)[0] ?? '').split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const [first, ...others] = entries.map((entry, index) => {
    const bytes = Buffer.from(entry, 'base64')
    if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== entry)
      throw new ServerMisconfigured(
        `${source}: entry ${index + 1} is no key of ${KEY_BYTES} bytes in Base64; "nhandien keys generate <file>" makes one.`,
      )
    return keyOf(bytes)
  })
  if (first === undefined)
    throw new ServerMisconfigured(`${source} holds no key; "nhandien keys generate <file>" makes a file with one.`)
  return [first, ...others]
}

export function keyLine(key: Key): string {
  return key.bytes.toString('base64')
}
