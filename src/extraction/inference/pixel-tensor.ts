/** Input value = (pixel - mean) / divisor, in the order R, G, B. */
export interface PixelScaling {
  readonly mean: readonly [number, number, number]
  readonly divisor: number
}

/** Writes interleaved RGB pixels to `out`, one plane after the other (CHW). */
export function writePlanar(pixels: Uint8Array, { mean, divisor }: PixelScaling, out: Float32Array): void {
  const plane = pixels.length / 3
  const [red, green, blue] = mean
  const factor = 1 / divisor
  for (let i = 0, from = 0; i < plane; i++, from += 3) {
    out[i] = ((pixels[from] ?? 0) - red) * factor
    out[plane + i] = ((pixels[from + 1] ?? 0) - green) * factor
    out[2 * plane + i] = ((pixels[from + 2] ?? 0) - blue) * factor
  }
}

/** Writes interleaved RGB pixels to `out` as they are ordered (HWC). */
export function writeInterleaved(pixels: Uint8Array, { mean, divisor }: PixelScaling, out: Float32Array): void {
  const [red, green, blue] = mean
  const factor = 1 / divisor
  for (let i = 0; i < pixels.length; i += 3) {
    out[i] = ((pixels[i] ?? 0) - red) * factor
    out[i + 1] = ((pixels[i + 1] ?? 0) - green) * factor
    out[i + 2] = ((pixels[i + 2] ?? 0) - blue) * factor
  }
}
