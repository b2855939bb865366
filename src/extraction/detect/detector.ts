import type { Box } from '../../domain/face.ts'
import type { Detection } from '../picture/found-face.ts'
import type { Pyramid } from '../picture/pyramid.ts'

export interface Detector {
  /** Longest side of what the model is shown, pixels; detail beyond is lost to it. */
  readonly inputSize: number
  /**
   * Looks at the window, which may reach beyond the picture (what is there is black).
   * @returns strongest first, in pixels of the pyramid's base
   */
  detect(pyramid: Pyramid, window: Box): Promise<readonly Detection[]>
}
