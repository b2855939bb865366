import { expect, test } from 'vitest'
import { findLimit } from './find-limit.ts'
import { Tally } from './measuring/tally.ts'
import type { Threshold } from './report/thresholds.ts'

const THRESHOLDS: readonly Threshold[] = [
  { kind: 'p99-max', limit: 100 },
  { kind: 'errors-max', limit: 0.01 },
]

/** A server that is quick up to its capacity, and beyond it answers late. */
function serverOf(capacity: number) {
  return async (rate: number) => {
    const tally = new Tally()
    for (let call = 0; call < 100; call++) tally.note('answered', rate <= capacity ? 20 : 500, true)
    return tally.figures(100 / rate)
  }
}

test.each([1, 7.3, 40, 900])(
  'the limit of a server that bears %d a second is found to within 5 %%',
  async (capacity) => {
    const { ratePerSecond, trials } = await findLimit(10, THRESHOLDS, serverOf(capacity))
    expect(ratePerSecond).toBeLessThanOrEqual(capacity)
    expect(ratePerSecond).toBeGreaterThanOrEqual(capacity / 1.05)
    expect(trials.length).toBeLessThanOrEqual(21)
  },
)

test('a rate at which not all is answered is not kept, quick as the answers are', async () => {
  const tally = new Tally()
  for (let call = 0; call < 80; call++) tally.note('answered', 20, true)
  const { ratePerSecond, trials } = await findLimit(100, THRESHOLDS, async () => tally.figures(1))
  expect(trials.find((trial) => trial.ratePerSecond === 100)?.isKept).toBe(false)
  expect(ratePerSecond).toBeLessThanOrEqual(80 / 0.95)
})

test('a failure by chance is forgiven once, and an early end ends the search', async () => {
  let calls = 0
  const server = serverOf(40)
  const chance = await findLimit(10, THRESHOLDS, async (rate) =>
    calls++ === 0 ? await server(1_000) : await server(rate),
  )
  expect(chance.ratePerSecond).toBeGreaterThanOrEqual(40 / 1.05)
  const ended = await findLimit(10, THRESHOLDS, async () => null)
  expect(ended).toEqual({ ratePerSecond: null, trials: [] })
})
