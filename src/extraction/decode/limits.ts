/** What a photo may cost before and while it is decoded. */
export interface DecodeLimits {
  readonly bytesMax: number
  /** Width × height as the file declares them. */
  readonly pixelsMax: number
  readonly secondsMax: number
}
