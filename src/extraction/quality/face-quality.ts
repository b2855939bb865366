import type { Box, Quality } from '../../domain/face.ts'
import type { Texture } from '../picture/canvas.ts'
import type { Pose } from '../picture/found-face.ts'

/** A face this large (shorter side of its box, pixels of the original) gives a recogniser all it can use. */
const SIZE_GOOD_PX = 112
/** Laplacian variance, per variance of luma, at which the sharpness is one half. */
const SHARPNESS_HALF = 0.04
const SHARPNESS_GOOD = 0.3
/** Between these, brightness costs nothing. */
const BRIGHTNESS_GOOD = { from: 0.25, to: 0.75 }
/** Degrees up to which a turn or nod costs nothing, and from which on nothing is left. */
const TURN_GOOD = 20
const TURN_USELESS = 75

/**
 * @param box in pixels of the original
 * @param texture of the aligned face
 */
export function faceQuality(box: Box, texture: Texture, { yaw, pitch, roll }: Pose): Quality {
  const sizePx = Math.min(box.width, box.height)
  const sharpness = sharpnessOf(texture)
  const brightness = texture.meanLuma / 255
  const turn = Math.max(Math.abs(yaw), Math.abs(pitch))
  const score = Math.min(
    sizePx / SIZE_GOOD_PX,
    sharpness / SHARPNESS_GOOD,
    brightness / BRIGHTNESS_GOOD.from,
    (1 - brightness) / (1 - BRIGHTNESS_GOOD.to),
    (TURN_USELESS - turn) / (TURN_USELESS - TURN_GOOD),
    1,
  )
  return { sizePx, sharpness, brightness, yaw, pitch, roll, score: Math.max(0, score) }
}

/** The variance of the Laplacian (Pech-Pacheco et al., 2000) relative to the contrast, squeezed into 0 to 1. */
function sharpnessOf({ edgeVariance, lumaVariance }: Texture): number {
  if (!(lumaVariance > 0)) return 0
  const detail = edgeVariance / lumaVariance
  return detail / (detail + SHARPNESS_HALF)
}
