/* Arithmetic over whole templates in double precision, whose order of summation does not matter. */

// @ts-ignore: decorator
@inline
function upper(a: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(a, a, 1, 1))
}

/** The sum of the squares of a template. */
export function squares(template: usize, dimension: i32): f64 {
  let even = f64x2.splat(0)
  let odd = even
  const end = template + (<usize>dimension << 2)
  for (; template < end; template += 16) {
    const values = v128.load(template)
    const a = f64x2.promote_low_f32x4(values)
    const b = upper(values)
    even = f64x2.add(even, f64x2.mul(a, a))
    odd = f64x2.add(odd, f64x2.mul(b, b))
  }
  const sum = f64x2.add(even, odd)
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** Adds a template times `factor` to `sums`, of float64. */
export function addTo(sums: usize, template: usize, dimension: i32, factor: f64): void {
  const factors = f64x2.splat(factor)
  const end = template + (<usize>dimension << 2)
  for (; template < end; template += 16) {
    const values = v128.load(template)
    v128.store(sums, f64x2.add(v128.load(sums), f64x2.mul(f64x2.promote_low_f32x4(values), factors)))
    v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.mul(upper(values), factors)), 16)
    sums += 32
  }
}
