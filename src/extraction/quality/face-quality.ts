import type { Box, Quality } from '../../domain/face.ts'
import type { Pose } from '../picture/found-face.ts'
import type { Picture } from '../picture/picture.ts'

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
 * @param chip the aligned face
 */
export function faceQuality(box: Box, chip: Picture, { yaw, pitch, roll }: Pose): Quality {
  const luma = lumaOf(chip)
  const sizePx = Math.min(box.width, box.height)
  const sharpness = sharpnessOf(luma, chip.width, chip.height)
  const brightness = mean(luma) / 255
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

/** ITU-R BT.601, 0 to 255. */
function lumaOf({ pixels }: Picture): Float32Array {
  const luma = new Float32Array(pixels.length / 3)
  for (let i = 0, from = 0; i < luma.length; i++, from += 3)
    luma[i] = 0.299 * (pixels[from] ?? 0) + 0.587 * (pixels[from + 1] ?? 0) + 0.114 * (pixels[from + 2] ?? 0)
  return luma
}

/** The variance of the Laplacian (Pech-Pacheco et al., 2000) relative to the contrast, squeezed into 0 to 1. */
function sharpnessOf(luma: Float32Array, width: number, height: number): number {
  const contrast = contrastOf(luma)
  if (!(contrast > 0)) return 0
  let [sum, squares] = [0, 0]
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x
      const around = (luma[i - 1] ?? 0) + (luma[i + 1] ?? 0) + (luma[i - width] ?? 0) + (luma[i + width] ?? 0)
      const edge = around - 4 * (luma[i] ?? 0)
      sum += edge
      squares += edge * edge
    }
  const detail = variance(sum, squares, (width - 2) * (height - 2)) / contrast
  return detail / (detail + SHARPNESS_HALF)
}

function contrastOf(luma: Float32Array): number {
  let [sum, squares] = [0, 0]
  for (const value of luma) {
    sum += value
    squares += value * value
  }
  return variance(sum, squares, luma.length)
}

function mean(values: Float32Array): number {
  let sum = 0
  for (const value of values) sum += value
  return values.length === 0 ? 0 : sum / values.length
}

/** From sums in double precision, which have room for the squares of pixels. */
function variance(sum: number, squares: number, count: number): number {
  return count === 0 ? 0 : Math.max(0, squares / count - (sum / count) ** 2)
}
