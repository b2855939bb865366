import { describe, expect, test } from 'vitest'
import { trendOf } from './trend.ts'

/** Numbers that look random and are the same each time, -1 to 1. */
function noise(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state / 2 ** 32) * 2 - 1
  }
}

/** @param memory of a value for the one before, 0 to 1 */
function series(length: number, perSecond: number, seed: number, memory: number) {
  const next = noise(seed)
  let error = 0
  return Array.from({ length }, (_, seconds) => {
    error = memory * error + next()
    return { seconds, value: 100 + perSecond * seconds + error }
  })
}

describe('the slope of a series', () => {
  test('is exact on a line', () => {
    const points = Array.from({ length: 100 }, (_, seconds) => ({ seconds, value: 5 + 2 * seconds }))
    const trend = trendOf(points)
    expect(trend?.slope).toBeCloseTo(2 * 3_600, 6)
    expect(trend?.isWithinNoise).toBe(false)
  })

  test('is found under noise, and told from none', () => {
    const rising = trendOf(series(600, 0.02, 1, 0))
    expect(Math.abs((rising?.slope ?? 0) - 72)).toBeLessThan(3 * (rising?.standardError ?? 0))
    expect(rising?.isWithinNoise).toBe(false)
  })

  test('of values that remember is seldom called more than noise', () => {
    const flat = Array.from({ length: 200 }, (_, seed) => trendOf(series(600, 0, seed, 0.9)))
    // Two standard errors of independent values would be passed by half of these.
    expect(flat.filter((trend) => trend?.isWithinNoise === false).length).toBeLessThan(30)
  })

  test('is not told from a few readings, nor from readings at one time', () => {
    expect(trendOf(series(59, 1, 1, 0))).toBeNull()
    expect(trendOf(series(60, 1, 1, 0))).not.toBeNull()
    expect(trendOf(Array.from({ length: 60 }, () => ({ seconds: 1, value: 2 })))).toBeNull()
  })
})
