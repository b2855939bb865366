import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { randomTokens } from './random-tokens.ts'

test('tokens are 256 random bits, known by their SHA-256', () => {
  const issued = Array.from({ length: 1_000 }, () => randomTokens.issue())
  expect(new Set(issued.map(({ token }) => token)).size).toBe(1_000)
  for (const { token, tokenHash } of issued) {
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(tokenHash).toBe(createHash('sha256').update(token).digest('hex'))
    expect(randomTokens.hash(token)).toBe(tokenHash)
  }
})
