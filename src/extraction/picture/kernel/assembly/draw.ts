/*
 * Pixels are three bytes, R G B. Up to sixteen bytes are read and eight written at a time, so that every picture needs
 * some spare ones behind it (SPARE_BYTES of ../canvas.ts); what a write spills into the next pixels they write over.
 */

/** Places are counted in 2^-32 of a pixel: whole pixels are then had by a shift, which is quicker than by rounding. */
const HALF: i64 = 1 << 31
/** Pixels are mixed in parts of 1/128, so that sums of products of two parts and a byte fit. */
const PART_BITS: i32 = 7
const PARTS: i32 = 1 << PART_BITS
const HALF_PART: i64 = 1 << (31 - PART_BITS)
const ROUNDING: i32 = 1 << (2 * PART_BITS - 1)

/** Of two steps larger than this one (65,536 pixels), the sum of as many as a raster has could overflow. */
const STEP_MAX: i64 = 1 << 48

// @ts-ignore: decorator
@inline
function part(place: i64): i32 {
  return <i32>(place >> (32 - PART_BITS)) & (PARTS - 1)
}

/** How far down a place is between two rows. */
// @ts-ignore: decorator
@inline
function partsDown(y: i64): v128 {
  return i16x8.splat(<i16>part(y))
}

/** Bilinear between four pixels: of each eight 16-bit numbers, the second pixel's three stand after the first one's. */
// @ts-ignore: decorator
@inline
function blend(upper: v128, lower: v128, x: i64, downs: v128): v128 {
  const across = part(x)
  // No more than 255 * 128 either way, which fits.
  const row = i16x8.add(i16x8.shl(upper, PART_BITS), i16x8.mul(i16x8.sub(lower, upper), downs))
  const pairs = v128.shuffle<i16>(row, row, 0, 3, 1, 4, 2, 5, 2, 5)
  const sums = i32x4.dot_i16x8_s(pairs, i32x4.splat((across << 16) | (PARTS - across)))
  return i32x4.shr_s(i32x4.add(sums, i32x4.splat(ROUNDING)), 2 * PART_BITS)
}

/** Two pixels. */
// @ts-ignore: decorator
@inline
function twoPixels(at: usize): v128 {
  return v128.load_ext<u8>(at)
}

/** A pixel twice, as if it were its own neighbour. */
// @ts-ignore: decorator
@inline
function doubled(at: usize): v128 {
  const pixel = i16x8.extend_low_i8x16_u(v128.load32_zero(at))
  return v128.shuffle<i16>(pixel, pixel, 0, 1, 2, 0, 1, 2, 0, 1)
}

// @ts-ignore: decorator
@inline
function write(raster: usize, value: v128): void {
  const shorts = i16x8.narrow_i32x4_s(value, value)
  v128.store_lane<u32>(raster, i8x16.narrow_i16x8_u(shorts, shorts), 0)
}

/** As `write`, for two pixels side by side. */
// @ts-ignore: decorator
@inline
function writeTwo(raster: usize, left: v128, right: v128): void {
  const shorts = i16x8.narrow_i32x4_s(left, right)
  const bytes = i8x16.narrow_i16x8_u(shorts, shorts)
  v128.store_lane<u64>(raster, i8x16.swizzle(bytes, i8x16(0, 1, 2, 4, 5, 6, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1)), 0)
}

/** A pixel all of whose neighbours are there. `line`: where the row of the picture begins that is above the place. */
// @ts-ignore: decorator
@inline
function within(line: usize, stride: usize, x: i64, downs: v128): v128 {
  const at = line + <usize>(<i32>(x >> 32) * 3)
  return blend(twoPixels(at), twoPixels(at + stride), x, downs)
}

/** `columns` pixels of one row, all of whose neighbours are there. */
function drawWithin(picture: usize, stride: i32, a: i64, b: i64, x: i64, y: i64, raster: usize, columns: i32): void {
  if (b == 0) {
    drawUpright(picture + <usize>(<i32>(y >> 32) * stride), stride, a, x, partsDown(y), raster, columns)
    return
  }
  const end = raster + <usize>columns * 3
  for (; raster + 6 <= end; raster += 6, x += a, y += b) {
    const left = within(picture + <usize>(<i32>(y >> 32) * stride), stride, x, partsDown(y))
    x += a
    y += b
    writeTwo(raster, left, within(picture + <usize>(<i32>(y >> 32) * stride), stride, x, partsDown(y)))
  }
  if (raster < end) write(raster, within(picture + <usize>(<i32>(y >> 32) * stride), stride, x, partsDown(y)))
}

/** The same, all from the same two rows of the picture, as detectors have it. */
// @ts-ignore: decorator
@inline
function drawUpright(line: usize, stride: usize, a: i64, x: i64, downs: v128, raster: usize, columns: i32): void {
  const end = raster + <usize>columns * 3
  for (; raster + 6 <= end; raster += 6, x += 2 * a) {
    writeTwo(raster, within(line, stride, x, downs), within(line, stride, x + a, downs))
  }
  if (raster < end) write(raster, within(line, stride, x, downs))
}

/** First column of those in which `place + step * column` is from 0 up to below `end`. */
function firstWithin(place: i64, step: i64, end: i64): i64 {
  if (step > 0) return place >= 0 ? 0 : (step - 1 - place) / step
  return place < end ? 0 : step < 0 ? (place - end) / -step + 1 : i32.MAX_VALUE
}

/** First column after them. */
function firstBeyond(place: i64, step: i64, end: i64): i64 {
  if (step > 0) return place >= end ? 0 : (end - place + step - 1) / step
  return place < 0 ? 0 : step < 0 ? place / -step + 1 : i32.MAX_VALUE
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
  const foreseeable = max(abs(a), abs(b)) <= STEP_MAX
  for (let row = 0; row < rows; row++) {
    let x = x0 - b * row + HALF_PART
    let y = y0 + a * row + HALF_PART
    // Between these, all four pixels are there, and it need not be asked.
    let from: i64 = 0
    let to: i64 = 0
    if (foreseeable) {
      from = max(firstWithin(x, a, lastX), firstWithin(y, b, lastY))
      to = min(firstBeyond(x, a, lastX), firstBeyond(y, b, lastY))
    }
    let column = 0
    while (column < columns) {
      if (column == from && from < to) {
        const inside = <i32>min(to, columns) - column
        drawWithin(picture, stride, a, b, x, y, raster, inside)
        column += inside
        raster += <usize>inside * 3
        x += a * inside
        y += b * inside
        continue
      }
      drawEdge(picture, stride, lastX, lastY, x, y, raster)
      column++
      raster += 3
      x += a
      y += b
    }
  }
}

/** One pixel, wherever it is. */
function drawEdge(picture: usize, stride: i32, lastX: i64, lastY: i64, x: i64, y: i64, raster: usize): void {
  if (x <= -HALF || y <= -HALF || x >= lastX + HALF || y >= lastY + HALF) {
    store<u32>(raster, 0)
    return
  }
  // Of the outermost pixels the outer half counts too, where there is no neighbour on one side.
  const inX = min(max(x, 0), lastX)
  const inY = min(max(y, 0), lastY)
  const at = picture + <usize>(<i32>(inY >> 32) * stride + <i32>(inX >> 32) * 3)
  const under = inY < lastY ? at + stride : at
  const downs = partsDown(inY)
  write(raster, inX < lastX ? blend(twoPixels(at), twoPixels(under), inX, downs) : blend(doubled(at), doubled(under), inX, downs))
}

/** Sums of each channel of the pixels side by side in four pixels. */
// @ts-ignore: decorator
@inline
function neighbours(at: usize): v128 {
  return i16x8.extadd_pairwise_i8x16_u(
    i8x16.swizzle(v128.load(at), i8x16(0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11, -1, -1, -1, -1)),
  )
}

/** Means of 2 by 2 pixels, two of them at a time; an odd last row or column is dropped. */
export function halve(picture: usize, width: i32, height: i32, half: usize): void {
  const stride = <usize>width * 3
  const two = i16x8.splat(2)
  const bytes = <usize>(width >> 1) * 3
  for (let row = 0; row < height >> 1; row++) {
    let upper = picture + <usize>(row * 2) * stride
    const end = half + bytes
    // Of an odd last pixel the second is written over by the next row.
    for (; half < end; upper += 12, half += 6) {
      const sum = i16x8.add(i16x8.add(neighbours(upper), neighbours(upper + stride)), two)
      const means = i16x8.shr_u(sum, 2)
      v128.store_lane<u64>(half, i8x16.narrow_i16x8_u(means, means), 0)
    }
    half = end
  }
}
