import { createHash, type Hash } from 'node:crypto'

/** Counts and hashes lines, each with its line break, as they are written or read. */
export class LineHash {
  readonly #hash: Hash = createHash('sha256')
  #lines = 0

  add(line: string): void {
    this.#hash.update(line)
    this.#lines += 1
  }

  /** What the end line of a backup says of the lines before it. */
  end(): { readonly lines: number; readonly sha256: string } {
    return { lines: this.#lines, sha256: this.#hash.digest('hex') }
  }
}
