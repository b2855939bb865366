import { Refusal } from '../../domain/errors.ts'

/** Uncompressed pixels, R G B interleaved, rows from the top. */
export interface BitmapPixels {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
}

const FILE_HEADER_BYTES = 14
const INFO_HEADER_BYTES = 40
const UNCOMPRESSED = 0
const PALETTE_COLOURS_MAX = 256

/**
 * Reads what cameras, scanners and Windows write: Windows bitmaps with a 40-byte or longer header and 8 (palette), 24 or
 * 32 bits a pixel without compression ([MS-WMF] 2.2.2.9).
 *
 * @throws Refusal `image-unsupported` for the rarer kinds, `image-too-large` by the declared size, before anything is
 * allocated, and `image-unreadable` where the file contradicts itself
 */
export function readBmp(bytes: Uint8Array, pixelsMax: number): BitmapPixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < FILE_HEADER_BYTES + INFO_HEADER_BYTES) throw unreadable('the header is cut off')
  const headerBytes = view.getUint32(14, true)
  if (headerBytes < INFO_HEADER_BYTES) throw unsupported('an OS/2 bitmap')
  const width = view.getInt32(18, true)
  const signedHeight = view.getInt32(22, true)
  const height = Math.abs(signedHeight)
  const bitsPerPixel = view.getUint16(28, true)
  const compression = view.getUint32(30, true)
  if (width <= 0 || height === 0) throw unreadable('the declared size is not positive')
  if (width * height > pixelsMax) throw new Refusal('image-too-large', { pixels: width * height, pixelsMax })
  if (compression !== UNCOMPRESSED) throw unsupported('a compressed bitmap')
  if (bitsPerPixel !== 8 && bitsPerPixel !== 24 && bitsPerPixel !== 32)
    throw unsupported(`a bitmap of ${bitsPerPixel} bits a pixel`)

  const rowBytes = Math.ceil((width * bitsPerPixel) / 32) * 4
  const firstRow = view.getUint32(10, true)
  const paletteAt = FILE_HEADER_BYTES + headerBytes
  const colours = bitsPerPixel === 8 ? view.getUint32(46, true) || PALETTE_COLOURS_MAX : 0
  if (colours > PALETTE_COLOURS_MAX || firstRow < paletteAt + 4 * colours) throw unreadable('the palette is misplaced')
  if (firstRow + rowBytes * height > bytes.length) throw unreadable('the pixels are cut off')

  const pixels = new Uint8Array(width * height * 3)
  const pixelBytes = bitsPerPixel / 8
  for (let y = 0; y < height; y++) {
    let from = firstRow + rowBytes * (signedHeight > 0 ? height - 1 - y : y)
    let to = y * width * 3
    for (let x = 0; x < width; x++, from += pixelBytes, to += 3) {
      const colour = bytes[from] ?? 0
      if (colours > 0 && colour >= colours) throw unreadable('a pixel is outside of the palette')
      const bgr = colours > 0 ? paletteAt + 4 * colour : from
      pixels[to] = bytes[bgr + 2] ?? 0
      pixels[to + 1] = bytes[bgr + 1] ?? 0
      pixels[to + 2] = bytes[bgr] ?? 0
    }
  }
  return { pixels, width, height }
}

const unreadable = (reason: string) => new Refusal('image-unreadable', { reason })
const unsupported = (found: string) => new Refusal('image-unsupported', { found })
