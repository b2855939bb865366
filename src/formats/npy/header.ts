import type { ByteStream } from '../byte-stream.ts'
import { type NpyDtype, parseDtype } from './dtype.ts'

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** NumPy writes 64 to a few hundred bytes; only structured types need more, and those are not read. */
const HEADER_BYTES_MAX = 65_536
const DIMENSIONS_MAX = 32

export interface NpyHeader {
  readonly dtype: NpyDtype
  /** Whether the first index varies fastest. */
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
  /** The product of the shape. */
  readonly elements: number
}

/**
 * Reads the start of an .npy file of format 1.0, 2.0 or 3.0, up to the first element.
 * Source: NumPy, numpy.lib.format.
 * @throws FormatError
 */
export async function readNpyHeader(stream: ByteStream): Promise<NpyHeader> {
  const start = await stream.take(MAGIC.length + 2)
  if (!MAGIC.every((byte, index) => start[index] === byte)) stream.refuse('is no NumPy array')
  const version = start[MAGIC.length]
  if (version !== 1 && version !== 2 && version !== 3) return stream.refuse(`has the unknown NumPy format ${version}`)
  const lengthBytes = await stream.take(version === 1 ? 2 : 4)
  const view = new DataView(lengthBytes.buffer)
  const length = version === 1 ? view.getUint16(0, true) : view.getUint32(0, true)
  if (length > HEADER_BYTES_MAX) stream.refuse(`has a header of ${length} bytes, more than ${HEADER_BYTES_MAX}`)
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(await stream.take(length))
  return parseHeader(text, (reason) => stream.refuse(reason))
}

/** The three keys, each once and in any order; the values are matched by shape, never evaluated. */
const ENTRY =
  /\s*(?:'|")(\w+)(?:'|")\s*:\s*(?:'([^'\\]*)'|"([^"\\]*)"|(True|False)|\(((?:\s*\d{1,16}L?\s*,)*\s*(?:\d{1,16}L?\s*)?)\))\s*(,|$)/y

function parseHeader(text: string, refuse: (reason: string) => never): NpyHeader {
  const body = /^\s*\{([\s\S]*)\}\s*$/.exec(text)?.[1]
  if (body === undefined) return refuse('has a header that is no Python dictionary')
  const entries = new Map<string, string>()
  let position = 0
  while (body.slice(position).trim() !== '') {
    ENTRY.lastIndex = position
    const [whole, key = '', single, double, truth, numbers, separator] = ENTRY.exec(body) ?? []
    if (whole === undefined || entries.has(key))
      return refuse('has a header with entries that NumPy does not write for plain arrays')
    entries.set(key, single ?? double ?? truth ?? numbers ?? '')
    position += whole.length
    if (separator === '') break
  }
  const description = entries.get('descr')
  const order = entries.get('fortran_order')
  const dimensions = entries.get('shape')
  if (
    description === undefined ||
    dimensions === undefined ||
    (order !== 'True' && order !== 'False') ||
    entries.size > 3
  )
    return refuse('has a header without exactly descr, fortran_order and shape')
  const shape = dimensions
    .split(',')
    .map((part) => part.trim().replace(/L$/, ''))
    .filter((part) => part !== '')
    .map(Number)
  const elements = shape.reduce((product, length) => product * length, 1)
  if (shape.length > DIMENSIONS_MAX || !Number.isSafeInteger(elements)) return refuse('has an impossible shape')
  return { dtype: parseDtype(description, refuse), fortranOrder: order === 'True', shape, elements }
}
