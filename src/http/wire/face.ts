import Type, { type Static } from 'typebox'
import type { DetectedFace, Point } from '../../domain/face.ts'
import { round } from './score.ts'

const PIXEL_DECIMALS = 2
const QUALITY_DECIMALS = 4
const DEGREE_DECIMALS = 1

const Pixels = Type.Number({ description: 'Pixels of the upright original.', examples: [120.5] })

export const FaceAnswer = Type.Object({
  box: Type.Object({ x: Pixels, y: Pixels, width: Pixels, height: Pixels }),
  detection_score: Type.Number({ minimum: 0, maximum: 1, examples: [0.98] }),
  landmarks: Type.Array(Type.Array(Pixels, { minItems: 2, maxItems: 2 }), {
    minItems: 5,
    maxItems: 5,
    description: 'Left eye, right eye, nose, left and right corner of the mouth, as seen in the picture.',
  }),
  quality: Type.Object({
    size_px: Type.Number({ description: "Shorter side of the face's box." }),
    sharpness: Type.Number({ minimum: 0, maximum: 1 }),
    brightness: Type.Number({ minimum: 0, maximum: 1 }),
    yaw: Type.Number({ description: 'Degrees.' }),
    pitch: Type.Number({ description: 'Degrees.' }),
    roll: Type.Number({ description: 'Degrees.' }),
    score: Type.Number({ minimum: 0, maximum: 1 }),
  }),
})
export type FaceAnswer = Static<typeof FaceAnswer>

export function faceAnswer({ box, detectionScore, landmarks, quality }: DetectedFace): FaceAnswer {
  return {
    box: { x: pixels(box.x), y: pixels(box.y), width: pixels(box.width), height: pixels(box.height) },
    detection_score: round(detectionScore, QUALITY_DECIMALS),
    landmarks: landmarks.map(([x, y]: Point) => [pixels(x), pixels(y)]),
    quality: {
      size_px: pixels(quality.sizePx),
      sharpness: round(quality.sharpness, QUALITY_DECIMALS),
      brightness: round(quality.brightness, QUALITY_DECIMALS),
      yaw: round(quality.yaw, DEGREE_DECIMALS),
      pitch: round(quality.pitch, DEGREE_DECIMALS),
      roll: round(quality.roll, DEGREE_DECIMALS),
      score: round(quality.score, QUALITY_DECIMALS),
    },
  }
}

function pixels(value: number): number {
  return round(value, PIXEL_DECIMALS)
}
