/* What the brightness and the sharpness of a picture are reckoned from. */

/* Shares in luma (ITU-R BT.601). Named, because a literal would take the type of what it is cast to. */
const RED: f64 = 0.299
const GREEN: f64 = 0.587
const BLUE: f64 = 0.114

/**
 * Sums over the luma of a picture (0 to 255), and over its Laplacian, which the outermost pixels have none of.
 * @param luma room for width * height f32
 * @param sums four f64: of luma, of its squares, of the Laplacian, of its squares
 */
export function texture(pixels: usize, width: i32, height: i32, luma: usize, sums: usize): void {
  let sum: f64 = 0
  let squares: f64 = 0
  const end = luma + (<usize>(width * height) << 2)
  for (let at = luma; at < end; at += 4, pixels += 3) {
    const value = <f32>(
      RED * <f64>load<u8>(pixels) + GREEN * <f64>load<u8>(pixels, 1) + BLUE * <f64>load<u8>(pixels, 2)
    )
    store<f32>(at, value)
    const wide = <f64>value
    sum += wide
    squares += wide * wide
  }
  store<f64>(sums, sum)
  store<f64>(sums, squares, 8)

  let edges: f64 = 0
  let edgeSquares: f64 = 0
  const stride = <usize>width << 2
  for (let row = 1; row < height - 1; row++) {
    let at = luma + <usize>row * stride + 4
    for (const last = at + stride - 8; at < last; at += 4) {
      const around = <f64>load<f32>(at - 4) + <f64>load<f32>(at, 4) + <f64>load<f32>(at - stride) + <f64>load<f32>(at + stride)
      const edge = around - 4 * <f64>load<f32>(at)
      edges += edge
      edgeSquares += edge * edge
    }
  }
  store<f64>(sums, edges, 16)
  store<f64>(sums, edgeSquares, 24)
}
