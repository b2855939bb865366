import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyMissing, SealBroken } from '../domain/encryption.ts'
import { keyLine, newKey } from './key.ts'
import { fixedKeyRing } from './key-ring.ts'
import { valueSeal } from './value-seal.ts'

const [old, current] = [newKey(), newKey()]
const seal = valueSeal(fixedKeyRing(`${keyLine(current)}\n${keyLine(old)}`, 'the test'))

test('a value opens to what was sealed, in its place only', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.string(), fc.string(), (plain, place, other) => {
      const { keyId, sealed } = seal.seal(plain, place)
      expect(keyId).toBe(current.id)
      expect(seal.open(keyId, sealed, place).equals(plain)).toBe(true)
      if (other !== place) expect(() => seal.open(keyId, sealed, other)).toThrow(SealBroken)
    }),
  )
})

test('a value does not open with a bit flipped, cut, or under another key', () => {
  const { keyId, sealed } = seal.seal(Buffer.from('a template'), 'here')
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(() => seal.open(keyId, changed, 'here')).toThrow(SealBroken)
  }
  for (let length = 0; length < sealed.length; length++)
    expect(() => seal.open(keyId, sealed.subarray(0, length), 'here')).toThrow(SealBroken)
  expect(() => seal.open(old.id, sealed, 'here')).toThrow(SealBroken)
  expect(() => seal.open(newKey().id, sealed, 'here')).toThrow(KeyMissing)
})

test('what an earlier key sealed still opens', () => {
  const before = valueSeal(fixedKeyRing(keyLine(old), 'the test'))
  const { keyId, sealed } = before.seal(Buffer.from('x'), 'here')
  expect(seal.open(keyId, sealed, 'here').toString()).toBe('x')
  expect([seal.hasKey(keyId), before.hasKey(current.id)]).toEqual([true, false])
})
