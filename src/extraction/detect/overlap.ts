import type { Box } from '../../domain/face.ts'
import type { Detection } from '../picture/found-face.ts'

export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const intersection = width * height
  return intersection / (a.width * a.height + b.width * b.height - intersection)
}

/** Keeps the strongest of boxes that overlap by more than `iouMax`; strongest first. */
export function suppressOverlaps(detections: readonly Detection[], iouMax: number): Detection[] {
  const kept: Detection[] = []
  for (const candidate of [...detections].sort((a, b) => b.score - a.score))
    if (kept.every((stronger) => intersectionOverUnion(stronger.box, candidate.box) <= iouMax)) kept.push(candidate)
  return kept
}
