import type { Detection } from '../picture/found-face.ts'
import type { Pyramid } from '../picture/pyramid.ts'

export interface Detector {
  /** Strongest first; in pixels of the pyramid's base. */
  detect(pyramid: Pyramid): Promise<readonly Detection[]>
}
