/** The element types that are read; each element takes `itemBytes` bytes. */
export type NpyDtype =
  | { readonly kind: 'float' | 'signed' | 'unsigned'; readonly itemBytes: 1 | 2 | 4 | 8 }
  /** UTF-32, padded with zeros. */
  | { readonly kind: 'unicode'; readonly itemBytes: number }
  | { readonly kind: 'bytes'; readonly itemBytes: number }
  /** A pickle of the elements follows the header. */
  | { readonly kind: 'object'; readonly itemBytes: 0 }

/** An element as a value of this language; whole numbers beyond 2^53 are bigints. */
export type NpyCell = string | number | bigint | null

const UTF32_BYTES = 4
const UNICODE_CHARACTERS_MAX = 65_536
const DESCRIPTION = /^([<>|=]?)([a-zA-Z])(\d{0,9})$/
const CODE_POINT_MAX = 0x10ffff

/**
 * Reads a description such as `<f4`, `|S12` or `<U20`.
 * Source: NumPy, "Data type objects", array-protocol type strings.
 * @param refuse called with a sentence's end; for types that are not read and for big-endian ones
 */
export function parseDtype(description: string, refuse: (reason: string) => never): NpyDtype {
  const [, order, letter, digits] = DESCRIPTION.exec(description) ?? []
  const size = Number(digits ?? 0)
  if (order === '>' && size > 1) return refuse(`is big-endian (${description}); save it as little-endian`)
  switch (letter) {
    case 'f':
      if (size === 4 || size === 8) return { kind: 'float', itemBytes: size }
      break
    case 'i':
    case 'u':
      if (size === 1 || size === 2 || size === 4 || size === 8)
        return { kind: letter === 'i' ? 'signed' : 'unsigned', itemBytes: size }
      break
    case 'U':
      if (size <= UNICODE_CHARACTERS_MAX) return { kind: 'unicode', itemBytes: size * UTF32_BYTES }
      break
    case 'S':
      if (size <= UNICODE_CHARACTERS_MAX) return { kind: 'bytes', itemBytes: size }
      break
    case 'O':
      return { kind: 'object', itemBytes: 0 }
  }
  return refuse(`has elements of the type ${JSON.stringify(description)}, which is not read`)
}

/** Elements that lie one after another; `bytes` holds exactly `count` of them. */
export function decodeCells(
  dtype: NpyDtype,
  bytes: Uint8Array,
  count: number,
  refuse: (reason: string) => never,
): NpyCell[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decode = cellDecoder(dtype, view, refuse)
  return Array.from({ length: count }, (_, index) => decode(index * dtype.itemBytes))
}

function cellDecoder(dtype: NpyDtype, view: DataView, refuse: (reason: string) => never): (offset: number) => NpyCell {
  switch (dtype.kind) {
    case 'float':
      return dtype.itemBytes === 4
        ? (offset) => view.getFloat32(offset, true)
        : (offset) => view.getFloat64(offset, true)
    case 'signed':
    case 'unsigned':
      return wholeDecoder(dtype.kind, dtype.itemBytes, view)
    case 'unicode':
      return (offset) => decodeUtf32(view, offset, dtype.itemBytes, refuse)
    case 'bytes': {
      const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      return (offset) => {
        const cell = new Uint8Array(view.buffer, view.byteOffset + offset, dtype.itemBytes)
        const end = cell.findLastIndex((byte) => byte !== 0) + 1
        try {
          return utf8.decode(cell.subarray(0, end))
        } catch {
          return refuse('has byte strings that are not UTF-8')
        }
      }
    }
    case 'object':
      return () => refuse('has objects where plain elements belong')
  }
}

function wholeDecoder(kind: 'signed' | 'unsigned', itemBytes: 1 | 2 | 4 | 8, view: DataView): (at: number) => NpyCell {
  const signed = kind === 'signed'
  switch (itemBytes) {
    case 1:
      return signed ? (at) => view.getInt8(at) : (at) => view.getUint8(at)
    case 2:
      return signed ? (at) => view.getInt16(at, true) : (at) => view.getUint16(at, true)
    case 4:
      return signed ? (at) => view.getInt32(at, true) : (at) => view.getUint32(at, true)
    case 8:
      return (at) => {
        const value = signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true)
        const number = Number(value)
        return Number.isSafeInteger(number) ? number : value
      }
  }
}

function decodeUtf32(view: DataView, offset: number, itemBytes: number, refuse: (reason: string) => never): string {
  let text = ''
  let end = itemBytes
  while (end > 0 && view.getUint32(offset + end - UTF32_BYTES, true) === 0) end -= UTF32_BYTES
  for (let at = 0; at < end; at += UTF32_BYTES) {
    const codePoint = view.getUint32(offset + at, true)
    if (codePoint > CODE_POINT_MAX) refuse('has text with numbers that are no characters')
    text += String.fromCodePoint(codePoint)
  }
  return text
}
