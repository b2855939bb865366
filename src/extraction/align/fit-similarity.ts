import type { Point } from '../../domain/face.ts'
import type { Similarity } from '../picture/similarity.ts'

/**
 * The similarity without reflection that brings `from` nearest to `to` in the sense of least squares (Umeyama,
 * "Least-Squares Estimation of Transformation Parameters Between Two Point Patterns", 1991; in the plane it has this
 * closed form).
 *
 * @param from at least two points that are not all the same
 * @param to as many points
 * @throws RangeError when there are too few points or they coincide
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  if (from.length < 2 || from.length !== to.length)
    throw new RangeError('Two lists of as many points, two or more, fit')
  const [fromX, fromY] = centroid(from)
  const [toX, toY] = centroid(to)
  let [along, across, spread] = [0, 0, 0]
  from.forEach(([fx, fy], index) => {
    const target = to[index] ?? [toX, toY]
    const [x, y] = [fx - fromX, fy - fromY]
    const [u, v] = [target[0] - toX, target[1] - toY]
    along += x * u + y * v
    across += x * v - y * u
    spread += x * x + y * y
  })
  if (!(spread > 0)) throw new RangeError('Points that all coincide fit no similarity')
  const a = along / spread
  const b = across / spread
  return { a, b, tx: toX - (a * fromX - b * fromY), ty: toY - (b * fromX + a * fromY) }
}

function centroid(points: readonly Point[]): Point {
  let [x, y] = [0, 0]
  for (const point of points) {
    x += point[0]
    y += point[1]
  }
  return [x / points.length, y / points.length]
}
