import { expect, it } from 'vitest'
import { seededRandom } from '../../test/gallery/vectors.ts'
import { nthLargest } from './nth-largest.ts'

it.each([0, 1, 2, 9, 10, 500])('is what sorting %i numbers says', (count) => {
  const random = seededRandom(count)
  // Few different ones, so that some are there more than once.
  const numbers = Float32Array.from({ length: count }, () => Math.floor(random() * 100) - 50)
  const sorted = [...numbers].sort((a, b) => b - a)
  for (const n of [1, 2, 10, 40, 1_000]) {
    const expected = sorted[Math.min(n, count) - 1] ?? Number.NEGATIVE_INFINITY
    expect(nthLargest(numbers, n), `the ${n}th`).toBe(expected)
  }
})
