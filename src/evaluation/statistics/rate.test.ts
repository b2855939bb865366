import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rateOf } from './rate.ts'

const counts = fc
  .integer({ min: 1, max: 5_000 })
  .chain((trials) => fc.record({ trials: fc.constant(trials), hits: fc.integer({ min: 0, max: trials }) }))

describe('rateOf', () => {
  it('agrees with published Wilson intervals', () => {
    // Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
    const published = [
      { hits: 81, trials: 263, low: 0.2553, high: 0.3662 },
      { hits: 15, trials: 148, low: 0.0624, high: 0.1605 },
      { hits: 0, trials: 20, low: 0, high: 0.1611 },
      { hits: 1, trials: 29, low: 0.0061, high: 0.1718 },
    ]
    for (const { hits, trials, low, high } of published) {
      const rate = rateOf(hits, trials)
      expect(rate?.low).toBeCloseTo(low, 4)
      expect(rate?.high).toBeCloseTo(high, 4)
    }
  })

  it('says nothing without trials', () => {
    expect(rateOf(0, 0)).toBeNull()
  })

  it('refuses more hits than trials', () => {
    expect(() => rateOf(3, 2)).toThrow(RangeError)
    expect(() => rateOf(Number.NaN, 2)).toThrow(RangeError)
  })

  it('has the value inside an interval inside 0 to 1', () => {
    fc.assert(
      fc.property(counts, ({ hits, trials }) => {
        const rate = rateOf(hits, trials)
        if (rate === null) throw new Error('There were trials')
        expect(rate.low).toBeGreaterThanOrEqual(0)
        expect(rate.low).toBeLessThanOrEqual(rate.value)
        expect(rate.high).toBeGreaterThanOrEqual(rate.value)
        expect(rate.high).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('mirrors when hits and misses change places', () => {
    fc.assert(
      fc.property(counts, ({ hits, trials }) => {
        const rate = rateOf(hits, trials)
        const mirrored = rateOf(trials - hits, trials)
        expect(rate?.low).toBeCloseTo(1 - (mirrored?.high ?? Number.NaN), 12)
      }),
    )
  })

  it('narrows with more trials of the same share', () => {
    fc.assert(
      fc.property(counts, ({ hits, trials }) => {
        const width = (rate: ReturnType<typeof rateOf>) => (rate?.high ?? 0) - (rate?.low ?? 0)
        expect(width(rateOf(10 * hits, 10 * trials))).toBeLessThan(width(rateOf(hits, trials)))
      }),
    )
  })
})
