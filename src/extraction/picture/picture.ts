/** 8-bit sRGB pixels, R G B interleaved, rows from the top. A point (x, y) lies in the pixel (floor x, floor y). */
export interface Picture {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
}
