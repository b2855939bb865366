export type PhotoFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'bmp'

const ASCII = new TextDecoder('latin1')

/** The brands that name AV1 in an ISO base media file (AVIF 1.1, section 6); HEIC shares the container, not the codec. */
const AVIF_BRANDS = new Set(['avif', 'avis'])
const BRANDS_MAX = 32

/** What the bytes are by their first bytes, of what may be decoded; null for all else, whatever its name says. */
export function sniffFormat(bytes: Uint8Array): PhotoFormat | null {
  const text = (from: number, to: number) => ASCII.decode(bytes.subarray(from, to))
  const starts = (...magic: number[]) => magic.every((value, index) => bytes[index] === value)
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg'
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp'
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'gif'
  if (starts(0x49, 0x49, 42, 0) || starts(0x4d, 0x4d, 0, 42)) return 'tiff'
  if (text(4, 8) === 'ftyp') return isAvif(bytes, text) ? 'avif' : null
  if (text(0, 2) === 'BM' && bytes.length >= 26) return 'bmp'
  return null
}

function isAvif(bytes: Uint8Array, text: (from: number, to: number) => string): boolean {
  const boxEnd = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), bytes.length, 16 + 4 * BRANDS_MAX)
  if (AVIF_BRANDS.has(text(8, 12))) return true
  for (let at = 16; at + 4 <= boxEnd; at += 4) if (AVIF_BRANDS.has(text(at, at + 4))) return true
  return false
}
