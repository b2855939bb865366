import type { Box, Landmarks, Point } from '../../domain/face.ts'

/** A face as the stages hand it on, in pixels of the working picture. Left and right are as seen in the picture. */

/** What a detector says of a face. */
export interface Detection {
  readonly box: Box
  /** 0 to 1. */
  readonly score: number
  readonly eyes: readonly [Point, Point]
  /** Null where the detector does not give these five points. */
  readonly landmarks: Landmarks | null
}

/** Degrees; see `Quality` in the domain. */
export interface Pose {
  readonly yaw: number
  readonly pitch: number
  readonly roll: number
}

/** What dlib's aligner wants. */
export interface EyeCornersAndNose {
  readonly leftEye: { readonly outer: Point; readonly inner: Point }
  readonly rightEye: { readonly outer: Point; readonly inner: Point }
  readonly noseBase: Point
}

/** A face whose points are known. */
export interface LocatedFace {
  readonly box: Box
  /** The detector's, 0 to 1. */
  readonly score: number
  readonly landmarks: Landmarks
  /** Null where only the detector's five points are known. */
  readonly corners: EyeCornersAndNose | null
  readonly pose: Pose
}
