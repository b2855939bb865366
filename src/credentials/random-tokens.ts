import { createHash, randomBytes } from 'node:crypto'
import type { Tokens } from '../domain/credentials.ts'

/** 256 bits: nobody guesses one, so a fast hash protects it in the records. */
const TOKEN_BYTES = 32

/** Opaque bearer tokens, base64url. */
export const randomTokens: Tokens = {
  issue() {
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    return { token, tokenHash: sha256(token) }
  },
  hash: sha256,
}

function sha256(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
