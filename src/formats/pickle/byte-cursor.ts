import { FormatError } from '../format-error.ts'

const NEWLINE = 0x0a

/** Reads little-endian values one after another; never past the end. */
export class ByteCursor {
  readonly name: string
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #position: number

  constructor(name: string, bytes: Uint8Array, position = 0) {
    this.name = name
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#position = position
  }

  get position(): number {
    return this.#position
  }

  refuse(reason: string): never {
    throw new FormatError(this.name, reason)
  }

  bytes(length: number): Uint8Array {
    const start = this.#claim(length)
    return this.#bytes.subarray(start, start + length)
  }

  uint8(): number {
    return this.#view.getUint8(this.#claim(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#claim(2), true)
  }

  uint32(): number {
    return this.#view.getUint32(this.#claim(4), true)
  }

  int32(): number {
    return this.#view.getInt32(this.#claim(4), true)
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#claim(8), true)
  }

  /** Pickles write their floats the other way round. */
  float64BigEndian(): number {
    return this.#view.getFloat64(this.#claim(8), false)
  }

  text(length: number): string {
    const bytes = this.bytes(length)
    try {
      return this.#utf8.decode(bytes)
    } catch {
      return this.refuse('has text that is not UTF-8')
    }
  }

  line(): string {
    const end = this.#bytes.indexOf(NEWLINE, this.#position)
    if (end < 0) return this.#truncated()
    const line = this.text(end - this.#position)
    this.#position++
    return line
  }

  #claim(length: number): number {
    const start = this.#position
    if (length > this.#bytes.length - start) this.#truncated()
    this.#position = start + length
    return start
  }

  #truncated(): never {
    return this.refuse(`is truncated: it ends after ${this.#bytes.length} bytes, in the middle of its content`)
  }
}
