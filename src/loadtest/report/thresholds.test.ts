import { expect, test } from 'vitest'
import { Tally } from '../measuring/tally.ts'
import { judge, type ThresholdKind } from './thresholds.ts'

const tally = new Tally()
for (let call = 0; call < 98; call++) tally.note('answered', 100, true)
tally.note('refused', null, true)
tally.note('failed', null, true)
const totals = tally.figures(10)

test.each<[ThresholdKind, number, boolean]>([
  ['p99-max', 101, true],
  ['p99-max', 99, false],
  ['errors-max', 0.01, true],
  ['errors-max', 0.009, false],
  ['refusals-max', 0.01, true],
  ['refusals-max', 0, false],
  ['throughput-min', 9.8, true],
  ['throughput-min', 9.9, false],
])('%s %d is kept: %s', (kind, limit, isKept) => {
  expect(judge([{ kind, limit }], totals)[0]?.isKept).toBe(isKept)
})

test('nothing measured keeps no threshold', () => {
  const kinds: readonly ThresholdKind[] = ['p99-max', 'errors-max', 'refusals-max', 'throughput-min']
  const verdicts = judge(
    kinds.map((kind) => ({ kind, limit: 1 })),
    new Tally().figures(1),
  )
  expect(verdicts.map(({ isKept, measured }) => [isKept, measured])).toEqual(kinds.map(() => [false, null]))
})
