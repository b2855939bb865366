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
  const plane = <usize>count << 2
  const end = out + plane
  for (; out + 16 <= end; out += 16, pixels += 12) {
    const bytes = v128.load(pixels)
    const reds = i8x16.swizzle(bytes, i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1))
    const greens = i8x16.swizzle(bytes, i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1))
    const blues = i8x16.swizzle(bytes, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1))
    v128.store(out, f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(reds), f32x4.splat(red)), factors))
    v128.store(out + plane, f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(greens), f32x4.splat(green)), factors))
    v128.store(out + 2 * plane, f32x4.mul(f32x4.sub(f32x4.convert_i32x4_s(blues), f32x4.splat(blue)), factors))
  }
  for (; out < end; out += 4, pixels += 3) {
    store<f32>(out, (<f32>load<u8>(pixels) - red) * factor)
    store<f32>(out + plane, (<f32>load<u8>(pixels, 1) - green) * factor)
    store<f32>(out + 2 * plane, (<f32>load<u8>(pixels, 2) - blue) * factor)
  }
}

/** Rows of `width` numbers, each written from its end. */
export function mirror(values: usize, width: i32, rows: i32, out: usize): void {
  const bytes = <usize>width << 2
  for (let row = 0; row < rows; row++, out += bytes) {
    let to = out + bytes
    for (; to >= out + 16; values += 16) {
      to -= 16
      const four = v128.load(values)
      v128.store(to, v128.shuffle<i32>(four, four, 3, 2, 1, 0))
    }
    for (; to > out; values += 4) {
      to -= 4
      store<f32>(to, load<f32>(values))
    }
  }
}
