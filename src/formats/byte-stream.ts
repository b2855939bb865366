import { FormatError } from './format-error.ts'

/** Bytes that come in chunks, taken in exact pieces, so that no more than a piece and a chunk is ever held. */
export class ByteStream {
  /** For messages. */
  readonly name: string
  readonly #chunks: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array(0)
  #taken = 0

  constructor(name: string, chunks: AsyncIterable<Uint8Array>) {
    this.name = name
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Bytes taken so far. */
  get position(): number {
    return this.#taken
  }

  refuse(reason: string): never {
    throw new FormatError(this.name, reason)
  }

  /**
   * The next `length` bytes in a buffer of their own, which a typed array may be laid over.
   * @throws FormatError when the stream ends before
   */
  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = []
    let missing = length
    while (missing > 0) {
      if (this.#chunk.length === 0 && !(await this.#advance()))
        this.refuse(`is truncated: it ends after ${this.#taken} bytes, in the middle of its content`)
      const part = this.#chunk.subarray(0, missing)
      parts.push(part)
      this.#chunk = this.#chunk.subarray(part.length)
      this.#taken += part.length
      missing -= part.length
    }
    const whole = new Uint8Array(length)
    let offset = 0
    for (const part of parts) {
      whole.set(part, offset)
      offset += part.length
    }
    return whole
  }

  /** All that is left. @throws FormatError when that is more than `bytesMax` */
  async takeRest(bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = []
    let bytes = 0
    while (this.#chunk.length > 0 || (await this.#advance())) {
      parts.push(this.#chunk)
      bytes += this.#chunk.length
      if (bytes > bytesMax) this.refuse(`is larger than ${bytesMax} bytes`)
      this.#chunk = this.#chunk.subarray(this.#chunk.length)
    }
    this.#taken += bytes
    const whole = new Uint8Array(bytes)
    let offset = 0
    for (const part of parts) {
      whole.set(part, offset)
      offset += part.length
    }
    return whole
  }

  /** Reads to the end, where checks of the whole file happen. @throws FormatError when bytes are left */
  async expectEnd(): Promise<void> {
    if (this.#chunk.length > 0 || (await this.#advance())) this.refuse('has bytes after its content')
  }

  /** Gives the source free without reading on. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async #advance(): Promise<boolean> {
    for (;;) {
      const next = await this.#chunks.next()
      if (next.done === true) return false
      if (next.value.length > 0) {
        this.#chunk = next.value
        return true
      }
    }
  }
}
