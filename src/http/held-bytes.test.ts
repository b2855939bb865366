import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isRefusal } from '../domain/errors.ts'
import { HeldBytes } from './held-bytes.ts'

const ROOM = 1_000

/** How many bytes the network gets, ten at a time, until it is refused. */
function fill(held: HeldBytes, network: string): number {
  for (let bytes = 0; ; bytes += 10)
    try {
      held.hold(10, network)
    } catch (error) {
      expect(isRefusal(error, 'overloaded')).toBe(true)
      return bytes
    }
}

test('whoever takes all that it is given leaves room for the next, and for the one after', () => {
  const held = new HeldBytes(ROOM)
  expect([fill(held, 'a'), fill(held, 'b'), fill(held, 'c')]).toEqual([750, 180, 50])
  held.release(750, 'a')
  expect(fill(held, 'd')).toBeGreaterThan(500)
})

test('no more is held than there is room for, and what was let go of can be held again', () => {
  const step = fc.record({ network: fc.constantFrom('a', 'b', 'c'), bytes: fc.integer({ min: 1, max: 400 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const held = new HeldBytes(ROOM)
      const taken = steps.filter(({ network, bytes }) => {
        try {
          held.hold(bytes, network)
          return true
        } catch {
          return false
        }
      })
      expect(taken.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(ROOM)
      for (const { network, bytes } of taken) held.release(bytes, network)
      expect(fill(held, 'a')).toBe(750)
    }),
  )
})
