/* Pixels become the numbers that a network wants: (pixel - mean of its channel) * factor, as f32. */

// @ts-ignore: decorator
@inline
function four(a: f32, b: f32, c: f32, d: f32): v128 {
  return f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(a), 1, b), 2, c), 3, d)
}

/** In the order of the pixels (HWC). Writes whole groups of four pixels: as many as there are, rounded up. */
export function interleave(pixels: usize, count: i32, red: f32, green: f32, blue: f32, factor: f32, out: usize): void {
  const factors = f32x4.splat(factor)
  const first = four(red, green, blue, red)
  const second = four(green, blue, red, green)
  const third = four(blue, red, green, blue)
  for (const end = pixels + <usize>count * 3; pixels < end; pixels += 12, out += 48) {
    const bytes = v128.load(pixels)
    const low = i16x8.extend_low_i8x16_u(bytes)
    const high = i16x8.extend_high_i8x16_u(bytes)
    const a = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low))
    const b = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low))
    const c = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high))
    v128.store(out, f32x4.mul(f32x4.sub(a, first), factors))
    v128.store(out, f32x4.mul(f32x4.sub(b, second), factors), 16)
    v128.store(out, f32x4.mul(f32x4.sub(c, third), factors), 32)
  }
}

/** One plane after the other (CHW). */
export function separate(pixels: usize, count: i32, red: f32, green: f32, blue: f32, factor: f32, out: usize): void {
  const factors = f32x4.splat(factor)
  const means = four(red, green, blue, 0)
  const plane = <usize>count << 2
  for (const end = out + plane; out < end; out += 4, pixels += 3) {
    const pixel = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(pixels)))
    const values = f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(pixel), means), factors)
    store<f32>(out, f32x4.extract_lane(values, 0))
    store<f32>(out + plane, f32x4.extract_lane(values, 1))
    store<f32>(out + 2 * plane, f32x4.extract_lane(values, 2))
  }
}

/** Rows of `width` numbers, each written from its end. */
export function mirror(values: usize, width: i32, rows: i32, out: usize): void {
  const bytes = <usize>width << 2
  for (let row = 0; row < rows; row++, out += bytes) {
    for (let to = out + bytes - 4; to >= out; to -= 4, values += 4) store<f32>(to, load<f32>(values))
  }
}
