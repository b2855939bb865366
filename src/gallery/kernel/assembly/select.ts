import { STEP, sumLowRows, sumTile } from './sums'

/**
 * A part of the plane is read as so many runs that take turns: memory is read ahead within pages of 4 KiB only, and while
 * one run waits for the beginning of its next page, the other's page is already on its way. One run takes 1.05 times as
 * long, as do four, and eight 1.12.
 */
const RUNS: i32 = 2

/**
 * Writes the numbers of the rows whose upper bound by the high plane reaches `least` to `found`, their sums of
 * P (2 h - 15) and their bounds, as f32, to two lists beside it, and says how many. May write up to three numbers more
 * than it counts.
 *     bound = scales[row] * factor * (2 * sum + offset) + shifts[row] * shiftFactor + radii[row] * norm + constant
 * @param rowBytes bytes of a row in the plane, a multiple of 16
 * @param weights thirty-two 8-bit weights for every 16 bytes of a row
 */
export function filter(
  plane: usize, rows: i32, rowBytes: usize, weights: usize,
  scales: usize, shifts: usize, radii: usize,
  factor: f32, offset: i32, shiftFactor: f32, norm: f32, constant: f32, least: f32,
  found: usize, foundSums: usize, foundBounds: usize,
): i32 {
  const factors = f32x4.splat(factor)
  const offsets = i32x4.splat(offset)
  const shiftFactors = f32x4.splat(shiftFactor)
  const norms = f32x4.splat(norm)
  const constants = f32x4.splat(constant)
  const leasts = f32x4.splat(least)
  let out = found
  const tiles = (rows + STEP - 1) / STEP
  const runTiles = tiles / RUNS
  for (let turn = 0; turn < tiles; turn++) {
    const tile = turn < RUNS * runTiles ? (turn % RUNS) * runTiles + turn / RUNS : turn
    const row = tile * STEP
    const total = sumTile(plane + <usize>row * rowBytes, rowBytes >> 4, weights)
    const sums = i32x4.add(i32x4.shl(total, 1), offsets)
    const offset4 = <usize>row << 2
    const estimate = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sums), factors), v128.load(scales + offset4))
    const slack = f32x4.add(f32x4.mul(v128.load(radii + offset4), norms), constants)
    const shift = f32x4.mul(v128.load(shifts + offset4), shiftFactors)
    const bound = f32x4.add(f32x4.add(estimate, shift), slack)
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

/**
 * Takes out of what `filter` found the rows whose bounds, less the part of them that is the radius, reach `least`; they
 * are written to `likely`. Says how many stay.
 */
export function takeLikely(
  found: usize, foundSums: usize, foundBounds: usize, count: i32, radii: usize, norm: f32, least: f32, likely: usize,
): i32 {
  let kept: usize = 0
  const end = <usize>count << 2
  for (let from: usize = 0; from < end; from += 4) {
    const row = load<i32>(found + from)
    const bound = load<f32>(foundBounds + from)
    store<i32>(likely, row)
    store<i32>(found + kept, row)
    store<i32>(foundSums + kept, load<i32>(foundSums + from))
    store<f32>(foundBounds + kept, bound)
    const isLikely = <usize>(bound - load<f32>(radii + (<usize>row << 2)) * norm >= least) << 2
    likely += isLikely
    kept += 4 - isLikely
  }
  return <i32>(kept >> 2)
}

/** Keeps of what `filter` found the rows whose bounds reach `least`, which has grown since. */
export function sift(found: usize, foundSums: usize, foundBounds: usize, count: i32, least: f32): i32 {
  let kept: usize = 0
  const end = <usize>count << 2
  for (let from: usize = 0; from < end; from += 4) {
    store<i32>(found + kept, load<i32>(found + from))
    store<i32>(foundSums + kept, load<i32>(foundSums + from))
    kept += <usize>(load<f32>(foundBounds + from) >= least) << 2
  }
  return <i32>(kept >> 2)
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

/** Numbers of four rows, side by side. */
// @ts-ignore: decorator
@inline
function gather(numbers: usize, row0: usize, row1: usize, row2: usize, row3: usize): v128 {
  let lanes = v128.load32_zero(numbers + (row0 << 2))
  lanes = v128.load_lane<i32>(numbers + (row1 << 2), lanes, 1)
  lanes = v128.load_lane<i32>(numbers + (row2 << 2), lanes, 2)
  return v128.load_lane<i32>(numbers + (row3 << 2), lanes, 3)
}

/**
 * Keeps of the rows in `found` those whose bound by both planes, and whose cosine in float32 plus `slack`, reach `least`.
 * The bound is that of `filter` with 4 times the sum by the high plane, plus 2 * sum + offset by the low one.
 * @param rowBytes bytes of a row in the low plane, a multiple of 16
 * @param foundSums the sums by the high plane; as many as are read side by side may be read beyond the last
 */
export function refine(
  low: usize, rowBytes: usize, weights: usize,
  scales: usize, shifts: usize, radii: usize,
  factor: f32, offset: i32, shiftFactor: f32, norm: f32, constant: f32, least: f32,
  found: usize, foundSums: usize, count: i32,
  templates: usize, probe: usize, dimension: i32, slack: f32, sink: usize,
): i32 {
  // The rows lie scattered, so that each would be waited for in turn: ask for all of them first.
  let asked = i32x4.splat(0)
  for (let i = 0; i < count; i++) {
    const start = low + <usize>load<i32>(found + (<usize>i << 2)) * rowBytes
    for (let line: usize = 0; line < rowBytes; line += 64) asked = v128.or(asked, v128.load(start + line))
  }
  v128.store(sink, asked)
  const leasts = f32x4.splat(least)
  let kept = found
  const last = found + (<usize>(count - 1) << 2)
  for (let i = 0; i < count; i += STEP) {
    const at = found + (<usize>i << 2)
    const row0 = <usize>load<i32>(at)
    const row1 = <usize>load<i32>(min(at + 4, last))
    const row2 = <usize>load<i32>(min(at + 8, last))
    const row3 = <usize>load<i32>(min(at + 12, last))
    const total = sumLowRows(
      low + row0 * rowBytes, low + row1 * rowBytes, low + row2 * rowBytes, low + row3 * rowBytes,
      rowBytes >> 4, weights,
    )
    const both = i32x4.add(
      i32x4.shl(v128.load(foundSums + (<usize>i << 2)), 2), i32x4.add(i32x4.shl(total, 1), i32x4.splat(offset)),
    )
    const estimate = f32x4.mul(
      f32x4.mul(f32x4.convert_i32x4_s(both), f32x4.splat(factor)), gather(scales, row0, row1, row2, row3),
    )
    const shift = f32x4.mul(gather(shifts, row0, row1, row2, row3), f32x4.splat(shiftFactor))
    const room = f32x4.add(f32x4.mul(gather(radii, row0, row1, row2, row3), f32x4.splat(norm)), f32x4.splat(constant))
    const bound = f32x4.add(f32x4.add(estimate, shift), room)
    let reached = i32x4.bitmask(f32x4.ge(bound, leasts)) & ((1 << min(STEP, count - i)) - 1)
    for (; reached != 0; reached &= reached - 1) {
      const lane = ctz(reached)
      const row = lane == 0 ? row0 : lane == 1 ? row1 : lane == 2 ? row2 : row3
      if (roughly(probe, templates + (row << 2) * <usize>dimension, dimension) + slack >= least) {
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
