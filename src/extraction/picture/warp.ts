import type { Picture } from './picture.ts'
import type { Pyramid } from './pyramid.ts'
import { type Similarity, similarityScale } from './similarity.ts'

const CHANNELS = 3

/**
 * Draws the part of a picture that `toPicture` maps the raster onto: bilinear, from the halving that is at most twice as
 * fine as needed. What lies outside of the picture becomes black.
 *
 * @returns the raster, drawn over
 */
export function warp(pyramid: Pyramid, toPicture: Similarity, raster: Picture): Picture {
  const wanted = Math.max(0, Math.floor(Math.log2(Math.max(similarityScale(toPicture), 1e-6)) + 1e-9))
  const { picture, level } = pyramid.level(wanted)
  const reduce = 1 / 2 ** level
  const a = toPicture.a * reduce
  const b = toPicture.b * reduce
  const { pixels: out, width, height } = raster
  out.fill(0)
  const source = picture.pixels
  const stride = picture.width * CHANNELS
  const lastX = picture.width - 1
  const lastY = picture.height - 1
  let to = 0
  for (let row = 0; row < height; row++) {
    // Centres of pixels lie at halves, in the raster as in the picture.
    let x = a * 0.5 - b * (row + 0.5) + toPicture.tx * reduce - 0.5
    let y = b * 0.5 + a * (row + 0.5) + toPicture.ty * reduce - 0.5
    for (let column = 0; column < width; column++, x += a, y += b, to += CHANNELS) {
      if (x >= 0 && y >= 0 && x < lastX && y < lastY) {
        const left = x | 0
        const top = y | 0
        blend(out, to, source, top * stride + left * CHANNELS, CHANNELS, stride, x - left, y - top)
      } else if (x > -0.5 && y > -0.5 && x < lastX + 0.5 && y < lastY + 0.5) {
        // Within the outer half of the border pixels there is no neighbour on one side.
        const left = Math.max(0, Math.floor(x))
        const top = Math.max(0, Math.floor(y))
        const right = x > 0 && left < lastX ? CHANNELS : 0
        const below = y > 0 && top < lastY ? stride : 0
        blend(
          out,
          to,
          source,
          top * stride + left * CHANNELS,
          right,
          below,
          Math.max(0, x - left),
          Math.max(0, y - top),
        )
      }
    }
  }
  return raster
}

/** One pixel from four: the one at `at`, and its neighbours at the distances `right` and `below`. */
function blend(
  out: Uint8Array,
  to: number,
  source: Uint8Array,
  at: number,
  right: number,
  below: number,
  fx: number,
  fy: number,
): void {
  for (let channel = 0; channel < CHANNELS; channel++) {
    const from = at + channel
    const upperLeft = source[from] as number
    const lowerLeft = source[from + below] as number
    const upper = upperLeft + fx * ((source[from + right] as number) - upperLeft)
    const lower = lowerLeft + fx * ((source[from + below + right] as number) - lowerLeft)
    out[to + channel] = upper + fy * (lower - upper) + 0.5
  }
}
