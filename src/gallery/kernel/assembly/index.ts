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
function sumRows(first: usize, second: usize, third: usize, fourth: usize, rowBytes: usize, weights: usize): v128 {
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

/**
 * Writes the numbers of the rows whose upper bound by the high plane reaches `least` to `found`, their sums of
 * P (2 h - 15) and their bounds, as f32, to two lists beside it, and says how many. May write up to three numbers more
 * than it counts.
 *     bound = scales[row] * factor * (2 * sum + offset) + shifts[row] + radii[row] * norm + constant
 * @param rowBytes bytes of a row in the plane, a multiple of 16
 * @param weights four groups of eight 16-bit weights for every 16 bytes of a row
 */
export function filter(
  plane: usize, rows: i32, rowBytes: usize, weights: usize,
  scales: usize, shifts: usize, radii: usize,
  factor: f32, offset: i32, norm: f32, constant: f32, least: f32, found: usize, foundSums: usize, foundBounds: usize,
): i32 {
  const factors = f32x4.splat(factor)
  const offsets = i32x4.splat(offset)
  const norms = f32x4.splat(norm)
  const constants = f32x4.splat(constant)
  const leasts = f32x4.splat(least)
  let out = found
  for (let row = 0; row < rows; row += STEP) {
    const at = plane + <usize>row * rowBytes
    const total = sumRows(at, at + rowBytes, at + 2 * rowBytes, at + 3 * rowBytes, rowBytes, weights)
    const sums = i32x4.add(i32x4.shl(total, 1), offsets)
    const offset4 = <usize>row << 2
    const estimate = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sums), factors), v128.load(scales + offset4))
    const slack = f32x4.add(f32x4.mul(v128.load(radii + offset4), norms), constants)
    const bound = f32x4.add(f32x4.add(estimate, v128.load(shifts + offset4)), slack)
    const reached = i32x4.bitmask(f32x4.ge(bound, leasts))
    if (reached != 0) {
      const toSums = foundSums - found
      const toBounds = foundBounds - found
      store<i32>(out, row)
      store<i32>(out + toSums, i32x4.extract_lane(sums, 0))
      store<f32>(out + toBounds, f32x4.extract_lane(bound, 0))
      out += <usize>((reached & 1) << 2)
      store<i32>(out, row + 1)
      store<i32>(out + toSums, i32x4.extract_lane(sums, 1))
      store<f32>(out + toBounds, f32x4.extract_lane(bound, 1))
      out += <usize>((reached & 2) << 1)
      store<i32>(out, row + 2)
      store<i32>(out + toSums, i32x4.extract_lane(sums, 2))
      store<f32>(out + toBounds, f32x4.extract_lane(bound, 2))
      out += <usize>(reached & 4)
      store<i32>(out, row + 3)
      store<i32>(out + toSums, i32x4.extract_lane(sums, 3))
      store<f32>(out + toBounds, f32x4.extract_lane(bound, 3))
      out += <usize>((reached & 8) >> 1)
    }
  }
  return <i32>((out - found) >> 2)
}

/** Keeps of what `filter` found the rows whose bounds reach `least`, which has grown since. */
export function sift(found: usize, foundSums: usize, foundBounds: usize, count: i32, least: f32): i32 {
  let kept = 0
  for (let i = 0; i < count; i++) {
    const from = <usize>i << 2
    const to = <usize>kept << 2
    store<i32>(found + to, load<i32>(found + from))
    store<i32>(foundSums + to, load<i32>(foundSums + from))
    const bound = load<f32>(foundBounds + from)
    store<f32>(foundBounds + to, bound)
    kept += <i32>(bound >= least)
  }
  return kept
}

/** Four running sums keep the adder busy; off by at most 2^-24 of the terms' sizes for each addition into a lane. */
// @ts-ignore: decorator
@inline
function roughly(a: usize, b: usize, dimension: i32): f32 {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  const end = a + (<usize>dimension << 2)
  for (; a + 64 <= end; a += 64) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)))
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)))
    s2 = f32x4.add(s2, f32x4.mul(v128.load(a, 32), v128.load(b, 32)))
    s3 = f32x4.add(s3, f32x4.mul(v128.load(a, 48), v128.load(b, 48)))
    b += 64
  }
  for (; a < end; a += 16) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)))
    b += 16
  }
  const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3))
  return f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3)
}

/**
 * Keeps of the rows in `found` those whose bound by both planes (as in `filter`), and whose cosine in float32 plus
 * `slack`, reach `least`.
 */
export function refine(
  low: usize, rowBytes: usize, weights: usize,
  scales: usize, shifts: usize, radii: usize,
  factor: f64, offset: i32, norm: f64, constant: f64, least: f64, found: usize, foundSums: usize, count: i32,
  templates: usize, probe: usize, dimension: i32, slack: f64, sink: usize,
): i32 {
  // The rows lie scattered, so that each would be waited for in turn: ask for all of them first.
  let asked = i32x4.splat(0)
  for (let i = 0; i < count; i++) {
    const start = low + <usize>load<i32>(found + (<usize>i << 2)) * rowBytes
    for (let line: usize = 0; line < rowBytes; line += 64) asked = v128.or(asked, v128.load(start + line))
  }
  v128.store(sink, asked)
  let kept = found
  const last = found + (<usize>(count - 1) << 2)
  for (let i = 0; i < count; i += STEP) {
    const at = found + (<usize>i << 2)
    const row0 = <usize>load<i32>(at)
    const row1 = <usize>load<i32>(min(at + 4, last))
    const row2 = <usize>load<i32>(min(at + 8, last))
    const row3 = <usize>load<i32>(min(at + 12, last))
    const sums = sumRows(
      low + row0 * rowBytes, low + row1 * rowBytes, low + row2 * rowBytes, low + row3 * rowBytes, rowBytes, weights,
    )
    const steps = min(STEP, count - i)
    for (let lane = 0; lane < steps; lane++) {
      const row = lane == 0 ? row0 : lane == 1 ? row1 : lane == 2 ? row2 : row3
      const sum = lane == 0 ? i32x4.extract_lane(sums, 0) : lane == 1 ? i32x4.extract_lane(sums, 1)
        : lane == 2 ? i32x4.extract_lane(sums, 2) : i32x4.extract_lane(sums, 3)
      const both = <f64>load<i32>(foundSums + (<usize>(i + lane) << 2)) * 16.0 + <f64>(2 * sum + offset)
      const bound = both * factor * <f64>load<f32>(scales + (row << 2)) + <f64>load<f32>(shifts + (row << 2)) +
        <f64>load<f32>(radii + (row << 2)) * norm + constant
      if (bound >= least && <f64>roughly(probe, templates + (row << 2) * <usize>dimension, dimension) + slack >= least) {
        store<i32>(kept, <i32>row)
        kept += 4
      }
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
