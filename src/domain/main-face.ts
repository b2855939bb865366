import type { Box } from './face.ts'

/** Faces narrower than this part of the widest one are bystanders. */
const MAIN_FACE_WIDTH_RATIO = 2 / 3

/**
 * The index of the face a photo is of: the largest, and among faces of at least two thirds of its width the one
 * nearest to the photo's centre. -1 without faces.
 */
export function mainFaceIndex(boxes: readonly Box[], photoWidth: number, photoHeight: number): number {
  const widest = Math.max(0, ...boxes.map((box) => box.width))
  let best = -1
  let bestDistance = Number.POSITIVE_INFINITY
  boxes.forEach((box, index) => {
    if (box.width < widest * MAIN_FACE_WIDTH_RATIO) return
    const dx = box.x + box.width / 2 - photoWidth / 2
    const dy = box.y + box.height / 2 - photoHeight / 2
    const distance = dx * dx + dy * dy
    if (distance < bestDistance) {
      best = index
      bestDistance = distance
    }
  })
  return best
}
