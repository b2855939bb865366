import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Point } from '../../domain/face.ts'
import { applySimilarity, invertSimilarity, type Similarity, similarityScale } from '../picture/similarity.ts'
import { fitSimilarity } from './fit-similarity.ts'

const coordinate = fc.double({ min: -1000, max: 1000, noNaN: true })
const point = fc.tuple(coordinate, coordinate)
const similarity = fc
  .record({
    scale: fc.double({ min: 0.01, max: 50, noNaN: true }),
    angle: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    tx: coordinate,
    ty: coordinate,
  })
  .map(({ scale, angle, tx, ty }): Similarity => ({ a: scale * Math.cos(angle), b: scale * Math.sin(angle), tx, ty }))

function spread(points: readonly Point[]): number {
  return Math.max(...points.flatMap(([x, y]) => points.map(([u, v]) => Math.hypot(x - u, y - v))))
}
const points = fc.array(point, { minLength: 2, maxLength: 8 }).filter((list) => spread(list) > 1)

function residual(map: Similarity, from: readonly Point[], to: readonly Point[]): number {
  return from.reduce((sum, source, index) => {
    const [x, y] = applySimilarity(map, source)
    const [u, v] = to[index] ?? [Number.NaN, Number.NaN]
    return sum + (x - u) ** 2 + (y - v) ** 2
  }, 0)
}

describe('fitSimilarity', () => {
  it('finds the similarity that made the points', () => {
    fc.assert(
      fc.property(points, similarity, (from, map) => {
        const to = from.map((source) => applySimilarity(map, source))
        const fitted = fitSimilarity(from, to)
        for (const [index, source] of from.entries()) {
          const [x, y] = applySimilarity(fitted, source)
          expect(x).toBeCloseTo(to[index]?.[0] ?? Number.NaN, 4)
          expect(y).toBeCloseTo(to[index]?.[1] ?? Number.NaN, 4)
        }
        expect(similarityScale(fitted) / similarityScale(map)).toBeCloseTo(1, 6)
      }),
    )
  })

  it('leaves no smaller sum of squares to any other', () => {
    const nudge = fc.double({ min: -0.1, max: 0.1, noNaN: true })
    fc.assert(
      fc.property(
        points,
        fc.array(point, { minLength: 8, maxLength: 8 }),
        fc.tuple(nudge, nudge, nudge, nudge),
        (from, targets, [a, b, tx, ty]) => {
          const to = targets.slice(0, from.length)
          const best = fitSimilarity(from, to)
          const other = { a: best.a + a, b: best.b + b, tx: best.tx + tx, ty: best.ty + ty }
          expect(residual(best, from, to)).toBeLessThanOrEqual(residual(other, from, to) * (1 + 1e-9) + 1e-6)
        },
      ),
    )
  })

  it('is undone by its inverse', () => {
    fc.assert(
      fc.property(similarity, point, (map, source) => {
        const [x, y] = applySimilarity(invertSimilarity(map), applySimilarity(map, source))
        expect(x).toBeCloseTo(source[0], 5)
        expect(y).toBeCloseTo(source[1], 5)
      }),
    )
  })

  it('refuses points that say nothing', () => {
    const same: Point[] = [
      [3, 4],
      [3, 4],
    ]
    expect(() => fitSimilarity(same, same)).toThrow(RangeError)
    expect(() => fitSimilarity([[1, 2]], [[1, 2]])).toThrow(RangeError)
    expect(() => fitSimilarity(same, [[1, 2]])).toThrow(RangeError)
  })
})
