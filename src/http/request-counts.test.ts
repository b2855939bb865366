import { afterEach, expect, test, vi } from 'vitest'
import { RequestCounts } from './request-counts.ts'

afterEach(() => {
  vi.useRealTimers()
})

function countOf(counts: RequestCounts, key: string): number {
  let current = 0
  counts.incr(key, (_error, result) => {
    current = result?.current ?? 0
  })
  return current
}

test('a window ends after its time, whatever the clock on the wall says', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  const counts = new RequestCounts()
  expect([countOf(counts, 'a'), countOf(counts, 'a'), countOf(counts, 'b')]).toEqual([1, 2, 1])
  vi.setSystemTime(Date.now() - 24 * 3_600_000)
  expect(countOf(counts, 'a')).toBe(3)
  vi.advanceTimersByTime(60_000)
  expect(countOf(counts, 'a')).toBe(1)
})

test('so many addresses are counted at most, the latest ones', () => {
  const counts = new RequestCounts()
  for (let address = 0; address <= 20_000; address++) countOf(counts, String(address))
  expect([countOf(counts, '1'), countOf(counts, '20000'), countOf(counts, '0')]).toEqual([2, 2, 1])
})

test('one limit does not count for another', () => {
  const counts = new RequestCounts()
  expect([countOf(counts, 'a'), countOf(counts.child(), 'a')]).toEqual([1, 1])
})
