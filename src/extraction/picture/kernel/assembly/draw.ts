/*
 * Pixels are three bytes, R G B. Four are read and written at a time, so that every picture needs a spare byte behind it
 * (SPARE_BYTES of ../canvas.ts); what a write spills into the next pixel is written over by that pixel.
 */

/** Places are counted in 2^-32 of a pixel: whole pixels are then had by a shift, which is quicker than by rounding. */
const HALF: i64 = 1 << 31
/** Pixels are mixed in parts of 1/128, so that sums of products of two parts and a byte fit. */
const PART_BITS: i32 = 7
const PARTS: i32 = 1 << PART_BITS
const HALF_PART: i64 = 1 << (31 - PART_BITS)
const ROUNDING: i32 = 1 << (2 * PART_BITS - 1)

/** How much of a pixel and of the next one, as four pairs of 16-bit numbers. */
// @ts-ignore: decorator
@inline
function shares(place: i64): v128 {
  const part = <i32>(place >> (32 - PART_BITS)) & (PARTS - 1)
  return i32x4.splat((part << 16) | (PARTS - part))
}

/** Bilinear between four pixels: of each eight bytes, the second pixel's three stand after the first one's. */
// @ts-ignore: decorator
@inline
function blend(upper: v128, lower: v128, across: v128, down: v128): v128 {
  const above = i32x4.dot_i16x8_s(pairs(upper), across)
  const beneath = i32x4.dot_i16x8_s(pairs(lower), across)
  const both = i16x8.narrow_i32x4_s(above, beneath)
  const sums = i32x4.dot_i16x8_s(v128.shuffle<i16>(both, both, 0, 4, 1, 5, 2, 6, 3, 7), down)
  return i32x4.shr_s(i32x4.add(sums, i32x4.splat(ROUNDING)), 2 * PART_BITS)
}

/** Each channel of the first pixel beside the same of the second. */
// @ts-ignore: decorator
@inline
function pairs(pixels: v128): v128 {
  return i16x8.extend_low_i8x16_u(v128.shuffle<i8>(pixels, pixels, 0, 3, 1, 4, 2, 5, 2, 5, 0, 0, 0, 0, 0, 0, 0, 0))
}

/** A pixel twice, as if it were its own neighbour. */
// @ts-ignore: decorator
@inline
function doubled(at: usize): v128 {
  const pixel = v128.load32_zero(at)
  return v128.shuffle<i8>(pixel, pixel, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0)
}

/**
 * Draws a picture onto a raster: raster pixel (column, row) shows the picture at x = a column - b row + x0,
 * y = b column + a row + y0, where whole numbers are centres of pixels. Bilinear; black outside of the picture.
 * @param a, b, x0, y0 in 2^-32 of a pixel; converted here, the compiler would do it for every pixel
 */
export function draw(
  picture: usize, width: i32, height: i32, a: i64, b: i64, x0: i64, y0: i64, raster: usize, columns: i32, rows: i32,
): void {
  const stride = width * 3
  const lastX = <i64>(width - 1) << 32
  const lastY = <i64>(height - 1) << 32
  for (let row = 0; row < rows; row++) {
    let x = x0 - b * row + HALF_PART
    let y = y0 + a * row + HALF_PART
    for (let column = 0; column < columns; column++, raster += 3, x += a, y += b) {
      let value: v128
      if (<u64>x < <u64>lastX && <u64>y < <u64>lastY) {
        const at = picture + <usize>(<i32>(y >> 32) * stride + <i32>(x >> 32) * 3)
        value = blend(v128.load64_zero(at), v128.load64_zero(at + stride), shares(x), shares(y))
      } else if (x > -HALF && y > -HALF && x < lastX + HALF && y < lastY + HALF) {
        // Of the outermost pixels the outer half counts too, where there is no neighbour on one side.
        const inX = min(max(x, 0), lastX)
        const inY = min(max(y, 0), lastY)
        const at = picture + <usize>(<i32>(inY >> 32) * stride + <i32>(inX >> 32) * 3)
        const under = inY < lastY ? at + stride : at
        value = inX < lastX
          ? blend(v128.load64_zero(at), v128.load64_zero(under), shares(inX), shares(inY))
          : blend(doubled(at), doubled(under), shares(inX), shares(inY))
      } else {
        store<u32>(raster, 0)
        continue
      }
      const shorts = i16x8.narrow_i32x4_s(value, value)
      v128.store_lane<u32>(raster, i8x16.narrow_i16x8_u(shorts, shorts), 0)
    }
  }
}

/** Means of 2 by 2 pixels; an odd last row or column is dropped. */
export function halve(picture: usize, width: i32, height: i32, half: usize): void {
  const stride = <usize>width * 3
  const two = i16x8.splat(2)
  for (let row = 0; row < height >> 1; row++) {
    let upper = picture + <usize>(row * 2) * stride
    for (let column = 0; column < width >> 1; column++, upper += 6, half += 3) {
      const both = i16x8.add(
        i16x8.extend_low_i8x16_u(v128.load64_zero(upper)),
        i16x8.extend_low_i8x16_u(v128.load64_zero(upper + stride)),
      )
      // The right pixel's channels stand three lanes further.
      const sum = i16x8.add(i16x8.add(both, v128.shuffle<i16>(both, both, 3, 4, 5, 6, 7, 0, 1, 2)), two)
      const means = i16x8.shr_u(sum, 2)
      v128.store_lane<u32>(half, i8x16.narrow_i16x8_u(means, means), 0)
    }
  }
}
