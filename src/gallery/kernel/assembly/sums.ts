/*
 * The inner loops of the exact index, for WebAssembly SIMD over imported shared memory. What the numbers mean and why
 * the bounds hold is written in ../../bounds.ts; where things lie in memory in ../../layout.ts. Nothing here keeps state.
 *
 * A row of codes holds one 6-bit code c = 4 h + l per dimension, split in a plane of the h, of 4 bits, and a plane of the
 * l, of 2. Byte j of group g of the high plane holds dimension 32 g + j in its lower four bits, and 32 g + 16 + j in its
 * upper four; of the low plane it holds, from its lowest bits to its highest, 64 g + j, + 16, + 32 and + 48. So the
 * weights of a group, in the order of their dimensions, are the vectors that its parts are multiplied with.
 *
 * It is built twice: with relaxed SIMD, where `pairs` is one instruction, and without. Both give the same sums.
 */

/** Rows that one step of `filter` reads side by side; every pointer to per-row numbers allows reading that many. */
export const STEP: i32 = 4

/**
 * The eight sums of two products each of 8-bit weights and numbers of 4 bits. With relaxed SIMD it depends on the machine
 * what comes of numbers beyond 7 bits and of sums beyond 16; neither is there: 2 * 127 * 15 = 3,810.
 */
// @ts-ignore: decorator
@inline
function pairs(weights: v128, numbers: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i16x8.relaxed_dot_i8x16_i7x16_s(weights, numbers)
  const even = i16x8.mul(i16x8.shr_s(i16x8.shl(weights, 8), 8), v128.and(numbers, i16x8.splat(0xff)))
  return i16x8.add(even, i16x8.mul(i16x8.shr_s(weights, 8), i16x8.shr_u(numbers, 8)))
}

/** The sums by one group of a row's codes. */
// @ts-ignore: decorator
@inline
function sumGroup(codes: v128, lower: v128, upper: v128): v128 {
  const nibble = i8x16.splat(15)
  return i16x8.add(pairs(lower, v128.and(codes, nibble)), pairs(upper, v128.and(i16x8.shr_u(codes, 4), nibble)))
}

/** Four vectors of partial sums to one vector of four sums. */
// @ts-ignore: decorator
@inline
function transposedSum(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7))
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7))
  return i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3))
}

// @ts-ignore: decorator
@inline
function widened(sums: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_s(sums)
}

/*
 * Four rows are summed at a time, because weights that are read once for four rows halve the loads.
 */

/**
 * The sums of four rows of the high plane, whose groups take turns; four groups at a time in 16 bits, which hold them:
 * 4 * 2 * 3,810 = 30,480. Offsets are written out because only then are they free.
 */
// @ts-ignore: decorator
@inline
export function sumTile(tile: usize, groups: usize, weights: usize): v128 {
  let a = i32x4.splat(0)
  let b = a
  let c = a
  let d = a
  const end = weights + 32 * groups
  for (; weights + 128 <= end; weights += 128) {
    let lower = v128.load(weights)
    let upper = v128.load(weights, 16)
    let a16 = sumGroup(v128.load(tile), lower, upper)
    let b16 = sumGroup(v128.load(tile, 16), lower, upper)
    let c16 = sumGroup(v128.load(tile, 32), lower, upper)
    let d16 = sumGroup(v128.load(tile, 48), lower, upper)
    lower = v128.load(weights, 32)
    upper = v128.load(weights, 48)
    a16 = i16x8.add(a16, sumGroup(v128.load(tile, 64), lower, upper))
    b16 = i16x8.add(b16, sumGroup(v128.load(tile, 80), lower, upper))
    c16 = i16x8.add(c16, sumGroup(v128.load(tile, 96), lower, upper))
    d16 = i16x8.add(d16, sumGroup(v128.load(tile, 112), lower, upper))
    lower = v128.load(weights, 64)
    upper = v128.load(weights, 80)
    a16 = i16x8.add(a16, sumGroup(v128.load(tile, 128), lower, upper))
    b16 = i16x8.add(b16, sumGroup(v128.load(tile, 144), lower, upper))
    c16 = i16x8.add(c16, sumGroup(v128.load(tile, 160), lower, upper))
    d16 = i16x8.add(d16, sumGroup(v128.load(tile, 176), lower, upper))
    lower = v128.load(weights, 96)
    upper = v128.load(weights, 112)
    a = i32x4.add(a, widened(i16x8.add(a16, sumGroup(v128.load(tile, 192), lower, upper))))
    b = i32x4.add(b, widened(i16x8.add(b16, sumGroup(v128.load(tile, 208), lower, upper))))
    c = i32x4.add(c, widened(i16x8.add(c16, sumGroup(v128.load(tile, 224), lower, upper))))
    d = i32x4.add(d, widened(i16x8.add(d16, sumGroup(v128.load(tile, 240), lower, upper))))
    tile += 256
  }
  for (; weights < end; weights += 32) {
    const lower = v128.load(weights)
    const upper = v128.load(weights, 16)
    a = i32x4.add(a, widened(sumGroup(v128.load(tile), lower, upper)))
    b = i32x4.add(b, widened(sumGroup(v128.load(tile, 16), lower, upper)))
    c = i32x4.add(c, widened(sumGroup(v128.load(tile, 32), lower, upper)))
    d = i32x4.add(d, widened(sumGroup(v128.load(tile, 48), lower, upper)))
    tile += 64
  }
  return transposedSum(a, b, c, d)
}

/** The sums by one group of a row's codes in the low plane. */
// @ts-ignore: decorator
@inline
function sumLowGroup(codes: v128, first: v128, second: v128, third: v128, fourth: v128): v128 {
  const pair = i8x16.splat(3)
  return i16x8.add(
    i16x8.add(pairs(first, v128.and(codes, pair)), pairs(second, v128.and(i16x8.shr_u(codes, 2), pair))),
    i16x8.add(
      pairs(third, v128.and(i16x8.shr_u(codes, 4), pair)), pairs(fourth, v128.and(i16x8.shr_u(codes, 6), pair)),
    ),
  )
}

/** Groups of the low plane that are added up in 16 bits, which hold them: 8 * 4 * 2 * 127 * 3 = 24,384. */
const LOW_GROUPS: usize = 8

/** The sums of four rows of the low plane, wherever they lie. */
// @ts-ignore: decorator
@inline
export function sumLowRows(
  first: usize, second: usize, third: usize, fourth: usize, groups: usize, weights: usize,
): v128 {
  let a = i32x4.splat(0)
  let b = a
  let c = a
  let d = a
  const end = weights + 64 * groups
  while (weights < end) {
    let a16 = i16x8.splat(0)
    let b16 = a16
    let c16 = a16
    let d16 = a16
    const pause = min(end, weights + 64 * LOW_GROUPS)
    for (; weights < pause; weights += 64) {
      const w0 = v128.load(weights)
      const w1 = v128.load(weights, 16)
      const w2 = v128.load(weights, 32)
      const w3 = v128.load(weights, 48)
      a16 = i16x8.add(a16, sumLowGroup(v128.load(first), w0, w1, w2, w3))
      b16 = i16x8.add(b16, sumLowGroup(v128.load(second), w0, w1, w2, w3))
      c16 = i16x8.add(c16, sumLowGroup(v128.load(third), w0, w1, w2, w3))
      d16 = i16x8.add(d16, sumLowGroup(v128.load(fourth), w0, w1, w2, w3))
      first += 16
      second += 16
      third += 16
      fourth += 16
    }
    a = i32x4.add(a, widened(a16))
    b = i32x4.add(b, widened(b16))
    c = i32x4.add(c, widened(c16))
    d = i32x4.add(d, widened(d16))
  }
  return transposedSum(a, b, c, d)
}
