import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalErrorRate, operatingPoint, thresholdForRate } from './error-rates.ts'
import { countAbove, quantile, scoreSet } from './scores.ts'

/** Few distinct values, so that scores are often equal. */
const scores = fc.array(
  fc.integer({ min: -20, max: 20 }).map((n) => n / 20),
  { minLength: 1, maxLength: 60 },
)

describe('countAbove', () => {
  it('counts what is above and not what equals', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: -21, max: 21 }), (values, n) => {
        const threshold = n / 20
        const sorted = Float64Array.from(values).sort()
        expect(countAbove(sorted, threshold)).toBe(values.filter((value) => value > threshold).length)
      }),
    )
  })
})

describe('quantile', () => {
  it('is linear between scores', () => {
    const sorted = Float64Array.of(1, 2, 3, 4)
    expect(quantile(sorted, 0)).toBe(1)
    expect(quantile(sorted, 0.5)).toBe(2.5)
    expect(quantile(sorted, 0.75)).toBe(3.25)
    expect(quantile(sorted, 1)).toBe(4)
    expect(quantile(new Float64Array(), 0.5)).toBeNull()
  })
})

describe('operatingPoint', () => {
  it('counts the two errors on either side of a threshold', () => {
    const set = scoreSet([0.9, 0.8, 0.7, 0.4], [0.6, 0.5, 0.1, 0.0, -0.2])
    const { fmr, fnmr } = operatingPoint(set, 0.5)
    expect([fmr?.hits, fmr?.trials]).toEqual([1, 5])
    expect([fnmr?.hits, fnmr?.trials]).toEqual([1, 4])
  })
})

describe('thresholdForRate', () => {
  it('is the least score that keeps the rate', () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const rateMax = percent / 100
        const sorted = Float64Array.from(values).sort()
        const threshold = thresholdForRate(sorted, rateMax)
        if (threshold === null) {
          expect(1 / values.length).toBeGreaterThan(rateMax)
          return
        }
        expect(countAbove(sorted, threshold) / values.length).toBeLessThanOrEqual(rateMax + 1e-9)
        const lower = sorted.findLast((value) => value < threshold)
        if (lower !== undefined) expect(countAbove(sorted, lower) / values.length).toBeGreaterThan(rateMax)
      }),
    )
  })

  it('says nothing of rates that so few scores cannot show', () => {
    expect(thresholdForRate(new Float64Array(99), 0.01)).toBeNull()
    expect(thresholdForRate(new Float64Array(100), 0.01)).toBe(0)
    expect(thresholdForRate(new Float64Array(), 0.5)).toBeNull()
  })
})

describe('equalErrorRate', () => {
  it('is 0 where a threshold divides the scores', () => {
    expect(equalErrorRate(scoreSet([0.8, 0.9], [0.1, 0.2, 0.3]))).toEqual({ value: 0, threshold: 0.3 })
  })

  it('is a half where both are alike', () => {
    const same = [0.1, 0.2, 0.3, 0.4]
    expect(equalErrorRate(scoreSet(same, same))?.value).toBe(0.5)
  })

  it('is 1 where all is the wrong way round', () => {
    expect(equalErrorRate(scoreSet([0.1], [0.9]))?.value).toBe(1)
  })

  it('lies where a search of all thresholds finds the errors nearest to each other', () => {
    fc.assert(
      fc.property(scores, scores, (genuine, impostor) => {
        const gap = (threshold: number) => {
          const fmr = impostor.filter((score) => score > threshold).length / impostor.length
          return Math.abs(fmr - genuine.filter((score) => score <= threshold).length / genuine.length)
        }
        const least = Math.min(...[...genuine, ...impostor].map(gap))
        const found = equalErrorRate(scoreSet(genuine, impostor))
        expect(gap(found?.threshold ?? Number.NaN)).toBeCloseTo(least, 12)
      }),
    )
  })

  it('needs both kinds of scores', () => {
    expect(equalErrorRate(scoreSet([], [0.1]))).toBeNull()
    expect(equalErrorRate(scoreSet([0.1], []))).toBeNull()
  })
})
