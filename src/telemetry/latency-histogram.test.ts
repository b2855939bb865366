import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LatencyHistogram } from './latency-histogram.ts'

const SEED = 7
const durations = fc.array(fc.double({ min: 0.1, max: 800_000, noNaN: true }), { minLength: 1, maxLength: 300 })
const share = fc.constantFrom(0, 0.5, 0.95, 0.99, 1)

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram()
  for (const value of values) histogram.record(value)
  return histogram
}

describe('a histogram of latencies', () => {
  it('is within 3 % of the exact quantile', () => {
    fc.assert(
      fc.property(durations, share, (values, p) => {
        const sorted = [...values].sort((a, b) => a - b)
        const exact = sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN
        const estimate = histogramOf(values).quantile(p) ?? Number.NaN
        expect(Math.abs(estimate - exact) / exact).toBeLessThan(0.03)
      }),
      { seed: SEED },
    )
  })

  it('adds up to the histogram of all values', () => {
    fc.assert(
      fc.property(durations, durations, share, (some, others, p) => {
        const sum = histogramOf(some)
        sum.add(histogramOf(others))
        expect(sum.count).toBe(some.length + others.length)
        expect(sum.quantile(p)).toBe(histogramOf([...some, ...others]).quantile(p))
      }),
      { seed: SEED },
    )
  })

  it('has no quantile without values, and takes what is out of its range', () => {
    expect(new LatencyHistogram().quantile(0.5)).toBeNull()
    expect(histogramOf([0]).quantile(0.5)).toBeCloseTo(0.1, 1)
    expect(histogramOf([1e12]).quantile(0.5)).toBeGreaterThan(800_000)
  })
})
