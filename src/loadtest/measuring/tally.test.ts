import { expect, test } from 'vitest'
import { Tally } from './tally.ts'

test('percentiles are of what was noted, to within 0.1 %', () => {
  const tally = new Tally()
  for (let ms = 1; ms <= 1_000; ms++) tally.note('answered', ms, true)
  const { latency } = tally.figures(10)
  for (const [measured, exact] of [
    [latency?.p50Ms, 500],
    [latency?.p95Ms, 950],
    [latency?.p99Ms, 990],
    [latency?.maxMs, 1_000],
  ] as const)
    expect(Math.abs((measured ?? 0) - exact) / exact).toBeLessThan(0.001)
})

test('refusals are neither answers nor failures, and their times are no latencies', () => {
  const tally = new Tally()
  tally.note('answered', 100, true)
  tally.note('answered', 100, false)
  tally.note('refused', null, true)
  tally.note('failed', null, true)
  const figures = tally.figures(2)
  expect(figures).toMatchObject({ answered: 2, refused: 1, failed: 1, refusedShare: 0.25, failedShare: 0.25 })
  // What was answered after the end does not count as throughput.
  expect(figures.answeredPerSecond).toBe(0.5)
  expect(figures.latency?.p50Ms).toBeCloseTo(100, 0)
  expect(new Tally().figures(1).latency).toBeNull()
})
