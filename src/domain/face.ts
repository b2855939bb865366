/** A point in pixels of the upright (EXIF-turned) original; x to the right, y down. */
export type Point = readonly [x: number, y: number]

/** A rectangle in pixels of the upright original; x, y is the top-left corner. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * The five points that ArcFace aligners use, left and right as seen in the picture:
 * left eye, right eye, nose tip, left mouth corner, right mouth corner.
 */
export type Landmarks = readonly [Point, Point, Point, Point, Point]

/** What a face image is like as a biometric sample (in the sense of ISO/IEC 29794-5). */
export interface Quality {
  /** Shorter side of the face's box, in pixels of the original. */
  readonly sizePx: number
  /** 0 (no detail) to 1 (crisp), from the aligned face, so that photo size does not matter. */
  readonly sharpness: number
  /** Mean luma of the aligned face, 0 (black) to 1 (white). */
  readonly brightness: number
  /** Degrees; 0 is frontal. Yaw is positive towards the right of the picture, pitch upwards, roll clockwise. */
  readonly yaw: number
  readonly pitch: number
  readonly roll: number
  /** 0 to 1; the least of the parts above, each scaled to "good enough is 1". */
  readonly score: number
}

export interface DetectedFace {
  readonly box: Box
  /** 0 to 1, the detector's own. */
  readonly detectionScore: number
  readonly landmarks: Landmarks
  readonly quality: Quality
}

export interface ExtractedFace extends DetectedFace {
  /** Unit norm, `dimension` of the pack; null when only detection was asked for. */
  readonly template: Float32Array | null
  /** Aligned face with margin as a JPEG, from which a later model can embed again; null unless asked for. */
  readonly crop: Uint8Array | null
}
