/* Makes the codes that sums.ts describes. */

/** The 6-bit codes of four values, as numbers. */
// @ts-ignore: decorator
@inline
function codesOf(z: v128, inverse: v128): v128 {
  const code = f32x4.add(f32x4.mul(z, inverse), f32x4.splat(31.5))
  // Of numbers, pmin and pmax say the same as min and max, in one instruction each.
  return f32x4.nearest(f32x4.pmin(f32x4.pmax(code, f32x4.splat(0)), f32x4.splat(63)))
}

// @ts-ignore: decorator
@inline
function laneSum(a: v128): f32 {
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3)
}

/** Writes the norms of what the high plane alone, and both planes, leave over if coded with `scale`. */
function measureResiduals(centred: usize, dimension: i32, scale: f32, residuals: usize): void {
  const inverse = f32x4.splat(1 / scale)
  const quarter = f32x4.splat(0.25)
  const four = f32x4.splat(4 * scale)
  const middle = f32x4.splat(-30 * scale)
  const half = f32x4.splat(31.5)
  const scales = f32x4.splat(scale)
  let coarse = f32x4.splat(0)
  let fine = coarse
  const end = centred + (<usize>dimension << 2)
  for (; centred < end; centred += 16) {
    const z = v128.load(centred)
    const code = codesOf(z, inverse)
    const top = f32x4.floor(f32x4.mul(code, quarter))
    const coarseRest = f32x4.sub(z, f32x4.add(f32x4.mul(top, four), middle))
    const fineRest = f32x4.sub(z, f32x4.mul(f32x4.sub(code, half), scales))
    coarse = f32x4.add(coarse, f32x4.mul(coarseRest, coarseRest))
    fine = f32x4.add(fine, f32x4.mul(fineRest, fineRest))
  }
  store<f32>(residuals, sqrt(laneSum(coarse)))
  store<f32>(residuals, sqrt(laneSum(fine)), 4)
}

/** Whole numbers below 2^23 as integers: added to 2^23 they are the lowest bits of the sum. Converting takes longer. */
// @ts-ignore: decorator
@inline
function whole(numbers: v128): v128 {
  return v128.xor(f32x4.add(numbers, f32x4.splat(8388608)), i32x4.splat(0x4b000000))
}

/** The 6-bit codes of sixteen values. */
// @ts-ignore: decorator
@inline
function codes16(centred: usize, inverse: v128): v128 {
  const a = whole(codesOf(v128.load(centred), inverse))
  const b = whole(codesOf(v128.load(centred, 16), inverse))
  const c = whole(codesOf(v128.load(centred, 32), inverse))
  const d = whole(codesOf(v128.load(centred, 48), inverse))
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d))
}

/** The high 4 bits of two times sixteen codes, side by side. */
// @ts-ignore: decorator
@inline
function tops(lower: v128, upper: v128): v128 {
  const nibble = i8x16.splat(15)
  return v128.or(v128.and(i16x8.shr_u(lower, 2), nibble), v128.andnot(i16x8.shl(upper, 2), nibble))
}

/** The low 2 bits of sixteen codes. */
// @ts-ignore: decorator
@inline
function rest(codes: v128): v128 {
  return v128.and(codes, i8x16.splat(3))
}

/**
 * Parts of the largest value that are tried as the end of the code's range. Clipping a few values refines the rest, which
 * serves the high plane; both planes together suffer by it. What they leave over counts as much less as it is rarer that
 * a search gets that far.
 */
const CLIPS: i32 = 4
const CLIP_STEP: f32 = 0.08
const FINE_PART: f32 = 0.25

/**
 * Codes a template relative to `mean` into both planes, and writes to `stats`, as f32: the scale, the shift mean·(y - mean),
 * the residual norms of the high plane and of both planes (not rounded up yet), the least and the largest value.
 * @param rowBytes bytes of a row in the high plane
 * @param centred scratch for one template, of whole groups of the low plane, whose end beyond the dimension is and stays zero
 */
export function encode(
  template: usize, mean: usize, dimension: i32, high: usize, low: usize, rowBytes: usize, centred: usize, stats: usize,
): void {
  let largest = f32x4.splat(0)
  let least = v128.load(template)
  let most = least
  let shift = f64x2.splat(0)
  const bytes = <usize>dimension << 2
  for (let i: usize = 0; i < bytes; i += 16) {
    const y = v128.load(template + i)
    const mu = v128.load(mean + i)
    const z = f32x4.sub(y, mu)
    v128.store(centred + i, z)
    largest = f32x4.pmax(largest, f32x4.abs(z))
    least = f32x4.pmin(least, y)
    most = f32x4.pmax(most, y)
    shift = f64x2.add(shift, f64x2.mul(f64x2.promote_low_f32x4(mu), f64x2.promote_low_f32x4(z)))
    const upperMu = v128.shuffle<i64>(mu, mu, 1, 1)
    const upperZ = v128.shuffle<i64>(z, z, 1, 1)
    shift = f64x2.add(shift, f64x2.mul(f64x2.promote_low_f32x4(upperMu), f64x2.promote_low_f32x4(upperZ)))
  }
  const extreme = max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  )
  // A template equal to the mean has nothing to code; any scale serves.
  const full: f32 = extreme > 0 ? extreme / 31.5 : 1
  let scale = full
  let coarse: f32 = 0
  let fine: f32 = 0
  for (let i = 0; i < CLIPS; i++) {
    const tried = full * (1 - CLIP_STEP * <f32>i)
    measureResiduals(centred, dimension, tried, stats)
    const triedCoarse = load<f32>(stats)
    const triedFine = load<f32>(stats, 4)
    if (i > 0 && triedCoarse + FINE_PART * triedFine >= coarse + FINE_PART * fine) continue
    coarse = triedCoarse
    fine = triedFine
    scale = tried
  }
  const inverse = f32x4.splat(1 / scale)
  // A group of the low plane is two of the high plane, of which a row may lack the last one.
  for (let group: usize = 0; group < rowBytes; group += 32) {
    const from = centred + (group << 3)
    const first = codes16(from, inverse)
    const second = codes16(from + 64, inverse)
    const third = codes16(from + 128, inverse)
    const fourth = codes16(from + 192, inverse)
    v128.store(high + (group << 2), tops(first, second))
    if (group + 16 < rowBytes) v128.store(high + (group << 2) + 64, tops(third, fourth))
    const lower = v128.or(rest(first), i16x8.shl(rest(second), 2))
    const upper = v128.or(rest(third), i16x8.shl(rest(fourth), 2))
    v128.store(low + (group >> 1), v128.or(lower, i16x8.shl(upper, 4)))
  }
  store<f32>(stats, scale)
  store<f32>(stats, <f32>(f64x2.extract_lane(shift, 0) + f64x2.extract_lane(shift, 1)), 4)
  store<f32>(stats, coarse, 8)
  store<f32>(stats, fine, 12)
  store<f32>(stats, min(min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
    min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3))), 16)
  store<f32>(stats, max(max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3))), 20)
}
