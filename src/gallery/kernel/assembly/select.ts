import { STEP, sumRows } from './sums'

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
