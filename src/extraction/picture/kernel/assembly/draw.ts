/*
 * Pixels are three bytes, R G B. Four are read and written at a time, so that every picture needs a spare byte behind it
 * (SPARE_BYTES of ../canvas.ts); what a write spills into the next pixel is written over by that pixel.
 */

/** Places are counted in 2^-32 of a pixel: whole pixels are then had by a shift, which is quicker than by rounding. */
const UNIT: f64 = 4294967296
const HALF: i64 = 1 << 31

/** The first four of eight small numbers. */
// @ts-ignore: decorator
@inline
function floats(shorts: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(shorts))
}

// @ts-ignore: decorator
@inline
function fraction(place: i64): v128 {
  return f32x4.splat(<f32>(<i32>(place >> 8) & 0xffffff) * <f32>(1.0 / 16777216.0))
}

/** Bilinear between four pixels: of each pair the right one stands three bytes after the left one. */
// @ts-ignore: decorator
@inline
function blend(upper: v128, lower: v128, fx: v128, fy: v128): v128 {
  const u = i16x8.extend_low_i8x16_u(upper)
  const l = i16x8.extend_low_i8x16_u(lower)
  const uRise = i16x8.sub(v128.shuffle<i16>(u, u, 3, 4, 5, 3, 4, 5, 3, 4), u)
  const lRise = i16x8.sub(v128.shuffle<i16>(l, l, 3, 4, 5, 3, 4, 5, 3, 4), l)
  const above = f32x4.add(floats(u), f32x4.mul(fx, floats(uRise)))
  const beneath = f32x4.add(floats(l), f32x4.mul(fx, floats(lRise)))
  return f32x4.add(above, f32x4.mul(fy, f32x4.sub(beneath, above)))
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
 */
export function draw(
  picture: usize, width: i32, height: i32, a: f64, b: f64, x0: f64, y0: f64, raster: usize, columns: i32, rows: i32,
): void {
  const stride = width * 3
  const lastX = <i64>(width - 1) << 32
  const lastY = <i64>(height - 1) << 32
  const stepX = <i64>nearest(a * UNIT)
  const stepY = <i64>nearest(b * UNIT)
  const half = f32x4.splat(0.5)
  for (let row = 0; row < rows; row++) {
    let x = <i64>nearest((x0 - b * <f64>row) * UNIT)
    let y = <i64>nearest((y0 + a * <f64>row) * UNIT)
    for (let column = 0; column < columns; column++, raster += 3, x += stepX, y += stepY) {
      let value: v128
      if (<u64>x < <u64>lastX && <u64>y < <u64>lastY) {
        const at = picture + <usize>(<i32>(y >> 32) * stride + <i32>(x >> 32) * 3)
        value = blend(v128.load64_zero(at), v128.load64_zero(at + stride), fraction(x), fraction(y))
      } else if (x > -HALF && y > -HALF && x < lastX + HALF && y < lastY + HALF) {
        // Of the outermost pixels the outer half counts too, where there is no neighbour on one side.
        const inX = min(max(x, 0), lastX)
        const inY = min(max(y, 0), lastY)
        const at = picture + <usize>(<i32>(inY >> 32) * stride + <i32>(inX >> 32) * 3)
        const under = inY < lastY ? at + stride : at
        value = inX < lastX
          ? blend(v128.load64_zero(at), v128.load64_zero(under), fraction(inX), fraction(inY))
          : blend(doubled(at), doubled(under), fraction(inX), fraction(inY))
      } else {
        store<u32>(raster, 0)
        continue
      }
      const words = i32x4.trunc_sat_f32x4_s(f32x4.add(value, half))
      const shorts = i16x8.narrow_i32x4_s(words, words)
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
