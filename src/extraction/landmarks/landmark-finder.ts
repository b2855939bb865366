import type { Detection, LocatedFace } from '../picture/found-face.ts'
import type { Pyramid } from '../picture/pyramid.ts'

export interface LandmarkFinder {
  /** Null when a closer look shows that there is no face. */
  locate(pyramid: Pyramid, detection: Detection): Promise<LocatedFace | null>
}
