/* Makes the codes that sums.ts describes. */

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
