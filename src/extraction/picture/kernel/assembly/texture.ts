/*
 * What the brightness and the sharpness of a picture are reckoned from. Luma is counted in thousandths, in which its
 * shares (ITU-R BT.601) are whole numbers: so all of it is exact, and four pixels are reckoned at a time.
 */

const RED: i32 = 299
const GREEN: i32 = 587
const BLUE: i32 = 114

/** The lower two numbers in double precision, in which sums of them are exact. */
// @ts-ignore: decorator
@inline
function wide(low: v128): v128 {
  return f64x2.convert_low_i32x4_s(low)
}

// @ts-ignore: decorator
@inline
function upperHalf(values: v128): v128 {
  return v128.shuffle<i64>(values, values, 1, 1)
}

// @ts-ignore: decorator
@inline
function total(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1)
}

/** All bits of the lanes below `count`. */
// @ts-ignore: decorator
@inline
function first(count: i32): v128 {
  return i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3))
}

/**
 * Sums over the luma of a picture, in thousandths (0 to 255,000), and over its Laplacian, which the outermost pixels have
 * none of.
 * @param luma room for width * height i32, and three more
 * @param sums four f64: of luma, of its squares, of the Laplacian, of its squares
 */
export function texture(pixels: usize, width: i32, height: i32, luma: usize, sums: usize): void {
  const redGreen = i32x4.splat((GREEN << 16) | RED)
  const blueOnly = i32x4.splat(BLUE)
  let sum = f64x2.splat(0)
  let squares = sum
  let at = luma
  for (let left = width * height; left > 0; left -= 4, pixels += 12, at += 16) {
    const bytes = v128.load(pixels)
    const reds = i8x16.swizzle(bytes, i8x16(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1))
    const blues = i8x16.swizzle(bytes, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1))
    const values = i32x4.add(i32x4.dot_i16x8_s(reds, redGreen), i32x4.dot_i16x8_s(blues, blueOnly))
    v128.store(at, values)
    const counted = v128.and(values, first(left))
    const a = wide(counted)
    const b = wide(upperHalf(counted))
    sum = f64x2.add(sum, f64x2.add(a, b))
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)))
  }
  store<f64>(sums, total(sum))
  store<f64>(sums, total(squares), 8)

  let edges = f64x2.splat(0)
  let edgeSquares = edges
  const stride = <usize>width << 2
  for (let row = 1; row < height - 1; row++) {
    at = luma + <usize>row * stride + 4
    for (let left = width - 2; left > 0; left -= 4, at += 16) {
      const beside = i32x4.add(v128.load(at - 4), v128.load(at, 4))
      const around = i32x4.add(beside, i32x4.add(v128.load(at - stride), v128.load(at + stride)))
      const edge = v128.and(i32x4.sub(around, i32x4.shl(v128.load(at), 2)), first(left))
      const a = wide(edge)
      const b = wide(upperHalf(edge))
      edges = f64x2.add(edges, f64x2.add(a, b))
      edgeSquares = f64x2.add(edgeSquares, f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)))
    }
  }
  store<f64>(sums, total(edges), 16)
  store<f64>(sums, total(edgeSquares), 24)
}
