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
const STEP: i32 = 4

// @ts-ignore: decorator
@inline
function sumGroup(w: v128, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  return i32x4.add(
    i32x4.add(i32x4.dot_i16x8_s(w, w0), i32x4.dot_i16x8_s(i16x8.shr_s(w, 4), w1)),
    i32x4.add(i32x4.dot_i16x8_s(i16x8.shr_s(w, 8), w2), i32x4.dot_i16x8_s(i16x8.shr_s(w, 12), w3)),
  )
}

// @ts-ignore: decorator
@inline
function sumOfLanes(a: v128): i32 {
  return i32x4.extract_lane(a, 0) + i32x4.extract_lane(a, 1) + i32x4.extract_lane(a, 2) + i32x4.extract_lane(a, 3)
}

/** Four vectors of partial sums to one vector of four sums. */
// @ts-ignore: decorator
@inline
function transposedSum(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7))
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7))
  return i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3))
}

/**
 * Writes the numbers of the rows whose upper bound by the high plane reaches `least` to `found`, and says how many.
 *     bound = scales[row] * factor * (2 * sum + offset) + shifts[row] + radii[row] * norm + constant
 * @param rowBytes bytes of a row in the plane, a multiple of 16
 * @param weights four groups of eight 16-bit weights for every 16 bytes of a row
 */
export function filter(
  plane: usize, rows: i32, rowBytes: usize, weights: usize,
  scales: usize, shifts: usize, radii: usize,
  factor: f32, offset: i32, norm: f32, constant: f32, least: f32, found: usize,
): i32 {
  const factors = f32x4.splat(factor)
  const offsets = i32x4.splat(offset)
  const norms = f32x4.splat(norm)
  const constants = f32x4.splat(constant)
  const leasts = f32x4.splat(least)
  const second = rowBytes
  const third = rowBytes << 1
  const fourth = third + rowBytes
  let out = found
  let at = plane
  for (let row = 0; row < rows; row += STEP) {
    let a = i32x4.splat(0)
    let b = a
    let c = a
    let d = a
    let weight = weights
    for (const end = at + rowBytes; at < end; at += 16) {
      const w0 = v128.load(weight)
      const w1 = v128.load(weight, 16)
      const w2 = v128.load(weight, 32)
      const w3 = v128.load(weight, 48)
      weight += 64
      a = i32x4.add(a, sumGroup(v128.load(at), w0, w1, w2, w3))
      b = i32x4.add(b, sumGroup(v128.load(at + second), w0, w1, w2, w3))
      c = i32x4.add(c, sumGroup(v128.load(at + third), w0, w1, w2, w3))
      d = i32x4.add(d, sumGroup(v128.load(at + fourth), w0, w1, w2, w3))
    }
    at += fourth
    const sums = i32x4.add(i32x4.shl(transposedSum(a, b, c, d), 1), offsets)
    const offset4 = <usize>row << 2
    const estimate = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sums), factors), v128.load(scales + offset4))
    const slack = f32x4.add(f32x4.mul(v128.load(radii + offset4), norms), constants)
    const bound = f32x4.add(f32x4.add(estimate, v128.load(shifts + offset4)), slack)
    const reached = i32x4.bitmask(f32x4.ge(bound, leasts))
    if (reached != 0) {
      for (let lane = 0; lane < STEP; lane++) {
        store<i32>(out, row + lane)
        out += <usize>(((reached >> lane) & 1) << 2)
      }
    }
  }
  return <i32>((out - found) >> 2)
}

// @ts-ignore: decorator
@inline
function rowSum(row: usize, rowBytes: usize, weights: usize): i32 {
  let sum = i32x4.splat(0)
  for (const end = row + rowBytes; row < end; row += 16) {
    sum = i32x4.add(
      sum,
      sumGroup(v128.load(row), v128.load(weights), v128.load(weights, 16), v128.load(weights, 32), v128.load(weights, 48)),
    )
    weights += 64
  }
  return sumOfLanes(sum)
}

/** Keeps of the rows in `found` those whose bound by both planes reaches `least`; the bound as in `filter`. */
export function refine(
  high: usize, low: usize, rowBytes: usize, weights: usize,
  scales: usize, shifts: usize, radii: usize,
  factor: f64, offset: i32, norm: f64, constant: f64, least: f64, found: usize, count: i32,
): i32 {
  let kept = found
  for (let i = 0; i < count; i++) {
    const row = load<i32>(found + (<usize>i << 2))
    const start = <usize>row * rowBytes
    const sum = <f64>(2 * rowSum(high + start, rowBytes, weights) + offset) * 16.0 +
      <f64>(2 * rowSum(low + start, rowBytes, weights) + offset)
    const at = <usize>row << 2
    const bound = sum * factor * <f64>load<f32>(scales + at) + <f64>load<f32>(shifts + at) +
      <f64>load<f32>(radii + at) * norm + constant
    if (bound >= least) {
      store<i32>(kept, row)
      kept += 4
    }
  }
  return <i32>((kept - found) >> 2)
}

/** The cosine, summed in double precision in the order of the index, as `cosine` of domain/template.ts does. */
export function exact(a: usize, b: usize, dimension: i32): f64 {
  let sum: f64 = 0
  const end = a + (<usize>dimension << 2)
  for (; a < end; a += 4) {
    sum += <f64>load<f32>(a) * <f64>load<f32>(b)
    b += 4
  }
  return sum
}

/** Squared norm of what the high plane alone leaves over, if coded with `scale`. */
function coarseResidual(centred: usize, dimension: i32, scale: f32): f32 {
  const inverse = f32x4.splat(1 / scale)
  const half = f32x4.splat(127.5)
  const zero = f32x4.splat(0)
  const most = f32x4.splat(255)
  const sixteenth = f32x4.splat(0.0625)
  const sixteen = f32x4.splat(16 * scale)
  const middle = f32x4.splat(-120 * scale)
  let squares = f32x4.splat(0)
  const end = centred + (<usize>dimension << 2)
  for (; centred < end; centred += 16) {
    const z = v128.load(centred)
    const code = f32x4.nearest(f32x4.min(f32x4.max(f32x4.add(f32x4.mul(z, inverse), half), zero), most))
    const top = f32x4.floor(f32x4.mul(code, sixteenth))
    const rest = f32x4.sub(z, f32x4.add(f32x4.mul(top, sixteen), middle))
    squares = f32x4.add(squares, f32x4.mul(rest, rest))
  }
  return f32x4.extract_lane(squares, 0) + f32x4.extract_lane(squares, 1) +
    f32x4.extract_lane(squares, 2) + f32x4.extract_lane(squares, 3)
}

/** Parts of the largest value that are tried as the end of the code's range: clipping a few values refines the rest. */
const CLIPS: i32 = 3
const CLIP_STEP: f32 = 0.1

/**
 * Codes a template relative to `mean` into both planes, and writes to `stats`, as f32: the scale, the shift mean·(y - mean),
 * the residual norms of the high plane and of both planes (not rounded up yet), the least and the largest value.
 * @param centred scratch for one template
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
    largest = f32x4.max(largest, f32x4.abs(z))
    least = f32x4.min(least, y)
    most = f32x4.max(most, y)
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
  const full: f32 = extreme > 0 ? extreme / 127.5 : 1
  let scale = full
  let coarse = f32.MAX_VALUE
  for (let i = 0; i < CLIPS; i++) {
    const tried = full * (1 - CLIP_STEP * <f32>i)
    const residual = coarseResidual(centred, dimension, tried)
    if (residual < coarse) {
      coarse = residual
      scale = tried
    }
  }
  memory.fill(high, 0, rowBytes)
  memory.fill(low, 0, rowBytes)
  let fine: f32 = 0
  const inverse: f32 = 1 / scale
  for (let i = 0; i < dimension; i++) {
    const z = load<f32>(centred + (<usize>i << 2))
    const code = <i32>nearest(min(max(z * inverse + 127.5, <f32>0), <f32>255))
    const rest = z - (<f32>code - 127.5) * scale
    fine += rest * rest
    const field = (i >> 3) & 3
    const at = (<usize>(i >> 5) << 4) + (<usize>(i & 7) << 1)
    const flip = field == 3 ? 8 : 0
    const by = field << 2
    store<u16>(high + at, <u16>(<i32>load<u16>(high + at) | (((code >> 4) ^ flip) << by)))
    store<u16>(low + at, <u16>(<i32>load<u16>(low + at) | (((code & 15) ^ flip) << by)))
  }
  store<f32>(stats, scale)
  store<f32>(stats, <f32>(f64x2.extract_lane(shift, 0) + f64x2.extract_lane(shift, 1)), 4)
  store<f32>(stats, sqrt(coarse), 8)
  store<f32>(stats, sqrt(fine), 12)
  store<f32>(stats, min(min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
    min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3))), 16)
  store<f32>(stats, max(max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3))), 20)
}

/** Stores the versions between which a row is visible, the birth first; ../../slots.ts says why in this order. */
export function setLife(life: usize, birth: f64, death: f64): void {
  atomic.store<i64>(life, <i64>birth)
  atomic.store<i64>(life, <i64>death, 8)
}

export function setDeath(life: usize, death: f64): void {
  atomic.store<i64>(life, <i64>death, 8)
}

/** Whether a row is visible at a version; reads the death first. */
export function isAlive(life: usize, version: f64): bool {
  const death = atomic.load<i64>(life, 8)
  const birth = atomic.load<i64>(life)
  return birth <= <i64>version && <i64>version < death
}
