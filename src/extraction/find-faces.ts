import type { Box, Landmarks, Point } from '../domain/face.ts'
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
/** Two finds are one face when their centres are nearer than this part of the distance of the eyes. */
const SAME_FACE_DISTANCE = 0.5

/**
 * Detects, and lets the landmarks confirm what was detected. A photo in which nothing was confirmed is looked at again
 * with a border around it, one of a group again from nearer.
 *
 * @returns largest first, in pixels of the pyramid's base
 */
export async function findFaces(pyramid: Pyramid, stages: Stages, clock: StageClock): Promise<readonly LocatedFace[]> {
  const { base } = pyramid
  const { inputSize } = stages.detector
  const detailLeft =
    inputSize <= COARSE_INPUT_MAX_PX && Math.max(base.width, base.height) >= CLOSER_DETAIL_MIN * inputSize
  const faces = await look(pyramid, wholeView(base), stages, clock)
  if (faces.length === 0) faces.push(...(await look(pyramid, borderedView(base), stages, clock)))
  else if (faces.length >= GROUP_FACES_MIN && detailLeft)
    faces.push(...(await look(pyramid, closeView(base), stages, clock)))
  return eachOnce(faces).sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)
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
      if (face !== null) faces.push(face)
    }
    return faces
  })
}

/** The first of those that are the same face. */
function eachOnce(faces: readonly LocatedFace[]): LocatedFace[] {
  const kept: LocatedFace[] = []
  for (const face of faces) if (!kept.some((other) => isSame(face.landmarks, other.landmarks))) kept.push(face)
  return kept
}

function isSame(a: Landmarks, b: Landmarks): boolean {
  const eyes = Math.max(distance(a[0], a[1]), distance(b[0], b[1]))
  return distance(centre(a), centre(b)) < SAME_FACE_DISTANCE * eyes
}

function centre(points: Landmarks): Point {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  return [mean(0), mean(1)]
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1])
}
