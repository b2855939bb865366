import type { Picture } from './picture.ts'
import type { Pyramid } from './pyramid.ts'
import { type Similarity, similarityScale } from './similarity.ts'

const CHANNELS = 3

/**
 * Draws the part of a picture that `toPicture` maps a raster of width × height onto: bilinear, from the halving that
 * is at most twice as fine as needed. What lies outside of the picture becomes `outside` (0 to 255).
 */
export function warp(pyramid: Pyramid, toPicture: Similarity, width: number, height: number, outside: number): Picture {
  const wanted = Math.max(0, Math.floor(Math.log2(Math.max(similarityScale(toPicture), 1e-6)) + 1e-9))
  const { picture, level } = pyramid.level(wanted)
  const reduce = 1 / 2 ** level
  const a = toPicture.a * reduce
  const b = toPicture.b * reduce
  const source = picture.pixels
  const out = new Uint8Array(width * height * CHANNELS)
  const lastX = picture.width - 1
  const lastY = picture.height - 1
  let to = 0
  for (let row = 0; row < height; row++) {
    // Centres of pixels lie at halves, in the raster as in the picture.
    let x = a * 0.5 - b * (row + 0.5) + toPicture.tx * reduce - 0.5
    let y = b * 0.5 + a * (row + 0.5) + toPicture.ty * reduce - 0.5
    for (let column = 0; column < width; column++, x += a, y += b, to += CHANNELS) {
      if (!(x > -0.5 && y > -0.5 && x < lastX + 0.5 && y < lastY + 0.5)) {
        out[to] = outside
        out[to + 1] = outside
        out[to + 2] = outside
        continue
      }
      const sx = Math.min(Math.max(x, 0), lastX)
      const sy = Math.min(Math.max(y, 0), lastY)
      const left = Math.floor(sx)
      const top = Math.floor(sy)
      const fx = sx - left
      const fy = sy - top
      const p00 = (top * picture.width + left) * CHANNELS
      const p01 = left < lastX ? p00 + CHANNELS : p00
      const below = top < lastY ? picture.width * CHANNELS : 0
      const w00 = (1 - fx) * (1 - fy)
      const w01 = fx * (1 - fy)
      const w10 = (1 - fx) * fy
      const w11 = fx * fy
      for (let c = 0; c < CHANNELS; c++) {
        out[to + c] =
          (source[p00 + c] ?? 0) * w00 +
          (source[p01 + c] ?? 0) * w01 +
          (source[p00 + below + c] ?? 0) * w10 +
          (source[p01 + below + c] ?? 0) * w11 +
          0.5
      }
    }
  }
  return { pixels: out, width, height }
}
