import type { Box } from '../../domain/face.ts'
import type { Detection } from '../picture/found-face.ts'
import type { Pyramid } from '../picture/pyramid.ts'
import type { Detector } from './detector.ts'
import { overlapOfSmaller, suppressOverlaps } from './overlap.ts'

/** Photos longer than this many times their shorter side are looked at piece by piece, or faces would be too small. */
const ELONGATED_RATIO = 2
/** Part of a window that it shares with the next, so that a face on the seam is whole in one of them. */
const WINDOW_OVERLAP = 0.25
/** However long a strip is, no more windows than these. */
const WINDOWS_MAX = 16
/** Overlap of boxes, per smaller box, from which on two windows mean the same face, or one saw a part of it. */
const SAME_FACE_MIN = 0.5

interface Size {
  readonly width: number
  readonly height: number
}

/** The whole picture, as one window where its shape allows. */
export function wholeView({ width, height }: Size): readonly Box[] {
  const short = Math.min(width, height)
  const long = Math.max(width, height)
  if (long <= short * ELONGATED_RATIO) return [{ x: 0, y: 0, width, height }]
  return spread(long, short * ELONGATED_RATIO).map(({ start, length }) =>
    width > height ? { x: start, y: 0, width: length, height } : { x: 0, y: start, width, height: length },
  )
}

/** The picture with a border as wide as half of it: a face that fills a photo has no surroundings to be told by. */
export function borderedView({ width, height }: Size): readonly Box[] {
  return [{ x: -width / 2, y: -height / 2, width: width * 2, height: height * 2 }]
}

/** Nearer by about two thirds: four windows that overlap. */
export function closeView({ width, height }: Size): readonly Box[] {
  const tile = 1 / (2 - WINDOW_OVERLAP)
  return spread(height, height * tile).flatMap((row) =>
    spread(width, width * tile).map((column) => ({
      x: column.start,
      y: row.start,
      width: column.length,
      height: row.length,
    })),
  )
}

/** Everything that is found in any of the windows, each face once; strongest first. */
export async function detectIn(
  detector: Detector,
  pyramid: Pyramid,
  windows: readonly Box[],
): Promise<readonly Detection[]> {
  const found: Detection[] = []
  for (const window of windows) found.push(...(await detector.detect(pyramid, window)))
  return windows.length === 1 ? found : suppressOverlaps(found, overlapOfSmaller, SAME_FACE_MIN)
}

/** Pieces of a length that cover the total and overlap evenly. */
function spread(total: number, length: number): { start: number; length: number }[] {
  const count = Math.min(WINDOWS_MAX, Math.ceil((total - length) / (length * (1 - WINDOW_OVERLAP)) - 1e-9) + 1)
  return Array.from({ length: count }, (_, index) => ({
    start: count === 1 ? 0 : ((total - length) * index) / (count - 1),
    length,
  }))
}
