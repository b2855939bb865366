import type { Box } from '../domain/face.ts'
import { borderedView, detectIn, wholeView } from './detect/windows.ts'
import type { LocatedFace } from './picture/found-face.ts'
import type { Pyramid } from './picture/pyramid.ts'
import type { StageClock } from './stage-clock.ts'
import type { Stages } from './stages.ts'

/**
 * Detects, and lets the landmarks confirm what was detected. A photo in which nothing was confirmed is looked at again
 * with a border around it.
 *
 * @returns largest first, in pixels of the pyramid's base
 */
export async function findFaces(pyramid: Pyramid, stages: Stages, clock: StageClock): Promise<readonly LocatedFace[]> {
  const faces = await look(pyramid, wholeView(pyramid.base), stages, clock)
  if (faces.length === 0) faces.push(...(await look(pyramid, borderedView(pyramid.base), stages, clock)))
  return faces.sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height)
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
