import type { Box } from '../../domain/face.ts'

interface Scored {
  readonly box: Box
  /** The higher, the surer. */
  readonly score: number
}

/** 0 (apart) to 1. */
export type Overlap = (a: Box, b: Box) => number

export function intersectionOverUnion(a: Box, b: Box): number {
  const common = intersection(a, b)
  return common === 0 ? 0 : common / (area(a) + area(b) - common)
}

/** 1 where one box lies within the other. */
export function overlapOfSmaller(a: Box, b: Box): number {
  const common = intersection(a, b)
  return common === 0 ? 0 : common / Math.min(area(a), area(b))
}

/** Groups of detections that mean one face: each begins with the strongest left, those like it follow by strength. */
export function clusterByOverlap<T extends Scored>(
  detections: readonly T[],
  overlap: Overlap,
  overlapMax: number,
): (readonly [T, ...T[]])[] {
  const clusters: [T, ...T[]][] = []
  for (const candidate of [...detections].sort((a, b) => b.score - a.score)) {
    const cluster = clusters.find(([strongest]) => overlap(strongest.box, candidate.box) > overlapMax)
    if (cluster === undefined) clusters.push([candidate])
    else cluster.push(candidate)
  }
  return clusters
}

/** Non-maximum suppression: keeps the strongest of boxes that overlap by more than `overlapMax`; strongest first. */
export function suppressOverlaps<T extends Scored>(
  detections: readonly T[],
  overlap: Overlap,
  overlapMax: number,
): T[] {
  return clusterByOverlap(detections, overlap, overlapMax).map(([strongest]) => strongest)
}

function intersection(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return width > 0 && height > 0 ? width * height : 0
}

function area({ width, height }: Box): number {
  return width * height
}
