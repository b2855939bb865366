import type { Box } from '../domain/face.ts'
import { overlapOfSmaller, suppressOverlaps } from './detect/overlap.ts'
import { borderedView, closeView, detectIn, wholeView } from './detect/windows.ts'
import type { LocatedFace } from './picture/found-face.ts'
import type { Pyramid } from './picture/pyramid.ts'
import type { StageClock } from './stage-clock.ts'
import type { Stages } from './stages.ts'

/** With so many faces it is a group, in which some are likely to be small. */
const GROUP_FACES_MIN = 3
/** Detectors that are shown less than this miss small faces; finer ones find even the guests at the next table. */
const COARSE_INPUT_MAX_PX = 320
/** A closer look is worth it where the photo has so many times the detail that the detector was shown. */
const CLOSER_DETAIL_MIN = 1.5
/** Overlap of two boxes, per smaller box, from which on one of the two is likely to be a part of the other's face. */
const DOUBTFUL_OVERLAP = 0.15
/** And from which on the weaker of them is taken to be none. */
const SAME_FACE_OVERLAP = 0.4

/** Points nearer to each other say nothing of how a face lies, so it can't be aligned. */
const EYE_DISTANCE_MIN_PX = 2

/**
 * Detects, and lets the landmarks confirm what was detected. A face that fills the photo has no surroundings to be told
 * by, and may pass for none or for several; so where nothing is confirmed, or faces overlap, the photo is looked at again
 * with a border around it. One of a group is looked at again from nearer.
 *
 * @returns largest first, in pixels of the pyramid's base
 */
export async function findFaces(pyramid: Pyramid, stages: Stages, clock: StageClock): Promise<readonly LocatedFace[]> {
  const { base } = pyramid
  const { inputSize } = stages.detector
  const coarse = inputSize <= COARSE_INPUT_MAX_PX && Math.max(base.width, base.height) >= CLOSER_DETAIL_MIN * inputSize
  const faces = await look(pyramid, wholeView(base), stages, clock)
  if (faces.length === 0 || anyOverlap(faces)) faces.push(...(await look(pyramid, borderedView(base), stages, clock)))
  else if (faces.length >= GROUP_FACES_MIN && coarse)
    faces.push(...(await look(pyramid, closeView(base), stages, clock)))
  return suppressOverlaps(faces, overlapOfSmaller, SAME_FACE_OVERLAP).sort(
    (a, b) => b.box.width * b.box.height - a.box.width * a.box.height,
  )
}

function anyOverlap(faces: readonly LocatedFace[]): boolean {
  return faces.some((a, index) => faces.slice(index + 1).some((b) => overlapOfSmaller(a.box, b.box) > DOUBTFUL_OVERLAP))
}

async function look(
  pyramid: Pyramid,
  windows: readonly Box[],
  stages: Stages,
  clock: StageClock,
): Promise<LocatedFace[]> {
  const detections = await clock.time('detect', () => detectIn(stages.detector, pyramid, windows))
  return clock.time('landmarks', async () => {
    const faces: LocatedFace[] = []
    for (const detection of detections) {
      const face = await stages.landmarks.locate(pyramid, detection)
      if (face !== null && eyeDistance(face) >= EYE_DISTANCE_MIN_PX) faces.push(face)
    }
    return faces
  })
}

function eyeDistance({ landmarks: [left, right] }: LocatedFace): number {
  return Math.hypot(right[0] - left[0], right[1] - left[1])
}
