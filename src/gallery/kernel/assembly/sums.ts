/*
 * The inner loops of the exact index, for WebAssembly SIMD over imported shared memory. What the numbers mean and why
 * the bounds hold is written in ../../bounds.ts; where things lie in memory in ../../layout.ts. Nothing here keeps state.
 *
 * A row of codes holds one 8-bit code c = 16 h + l per dimension, split in a plane of the h and a plane of the l. Both
 * planes hold four 4-bit numbers in each 16-bit lane: dimensions 32 g + j, + 8, + 16 and + 24 in bits 0-3, 4-7, 8-11 and
 * 12-15 of lane j of group g, the topmost with its highest bit flipped, so that the lane read as a signed number is
 *     w = n0 + 16 n1 + 256 n2 + 4096 (n3 - 8).
 * Arithmetic shifts by 4, 8, 12 drop the lower numbers, and with weights that take back what a lower shift counted too,
 *     n0 P0 + n1 P1 + n2 P2 + (n3 - 8) P3
 *         = w P0 + (w >> 4)(P1 - 16 P0) + (w >> 8)(P2 - 16 P1) + (w >> 12)(P3 - 16 P2),
 * which needs no masks. The 32-bit sums may wrap on the way; the result is exact, because it fits.
 */

/** Rows that one step of `filter` reads side by side; every pointer to per-row numbers allows reading that many. */
export const STEP: i32 = 4

// @ts-ignore: decorator
@inline
function sumGroup(w: v128, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  return i32x4.add(
    i32x4.add(i32x4.dot_i16x8_s(w, w0), i32x4.dot_i16x8_s(i16x8.shr_s(w, 4), w1)),
    i32x4.add(i32x4.dot_i16x8_s(i16x8.shr_s(w, 8), w2), i32x4.dot_i16x8_s(i16x8.shr_s(w, 12), w3)),
  )
}

/** Four vectors of partial sums to one vector of four sums. */
// @ts-ignore: decorator
@inline
function transposedSum(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7))
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7))
  return i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3))
}

/** The sums of four rows, wherever they lie: reading weights once for four rows halves the loads. */
// @ts-ignore: decorator
@inline
export function sumRows(first: usize, second: usize, third: usize, fourth: usize, rowBytes: usize, weights: usize): v128 {
  let a = i32x4.splat(0)
  let b = a
  let c = a
  let d = a
  for (const end = first + rowBytes; first < end; first += 16) {
    const w0 = v128.load(weights)
    const w1 = v128.load(weights, 16)
    const w2 = v128.load(weights, 32)
    const w3 = v128.load(weights, 48)
    weights += 64
    a = i32x4.add(a, sumGroup(v128.load(first), w0, w1, w2, w3))
    b = i32x4.add(b, sumGroup(v128.load(second), w0, w1, w2, w3))
    c = i32x4.add(c, sumGroup(v128.load(third), w0, w1, w2, w3))
    d = i32x4.add(d, sumGroup(v128.load(fourth), w0, w1, w2, w3))
    second += 16
    third += 16
    fourth += 16
  }
  return transposedSum(a, b, c, d)
}
