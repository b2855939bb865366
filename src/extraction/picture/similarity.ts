import type { Point } from '../../domain/face.ts'

/** A map of the plane that keeps shapes: x' = a·x - b·y + tx, y' = b·x + a·y + ty. */
export interface Similarity {
  readonly a: number
  readonly b: number
  readonly tx: number
  readonly ty: number
}

export function applySimilarity(map: Similarity, [x, y]: Point): Point {
  return [map.a * x - map.b * y + map.tx, map.b * x + map.a * y + map.ty]
}

/** Target lengths per source length. */
export function similarityScale(map: Similarity): number {
  return Math.hypot(map.a, map.b)
}

/** @throws RangeError when everything is mapped to one point */
export function invertSimilarity({ a, b, tx, ty }: Similarity): Similarity {
  const square = a * a + b * b
  if (!(square > 0)) throw new RangeError('A similarity of scale 0 has no inverse')
  const ia = a / square
  const ib = -b / square
  return { a: ia, b: ib, tx: -(ia * tx - ib * ty), ty: -(ib * tx + ia * ty) }
}

/**
 * The map from a square of `sidePx` pixels onto the square of side `size` around `centre` that is turned by `angle`
 * radians, clockwise as seen.
 */
export function squareToPicture(sidePx: number, centre: Point, size: number, angle: number): Similarity {
  const scale = size / sidePx
  const a = scale * Math.cos(angle)
  const b = scale * Math.sin(angle)
  const half = sidePx / 2
  return { a, b, tx: centre[0] - a * half + b * half, ty: centre[1] - b * half - a * half }
}
