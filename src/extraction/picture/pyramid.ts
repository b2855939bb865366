import type { Picture } from './picture.ts'
import { type ReusedMemory, reusedBytes } from './reused-memory.ts'

/** Where the halvings of one picture after the other are kept. */
export class PyramidMemory {
  readonly #levels: ReusedMemory<Uint8Array>[] = []

  level(level: number, bytes: number): Uint8Array {
    const memory = this.#levels[level] ?? reusedBytes()
    this.#levels[level] = memory
    return memory(bytes)
  }
}

/** A picture and its halvings, each made when first asked for: what shrinking samples from, lest it alias. */
export class Pyramid {
  readonly base: Picture
  readonly #levels: Picture[]
  readonly #memory: PyramidMemory

  /** @param memory that no other pyramid still in use has */
  constructor(base: Picture, memory = new PyramidMemory()) {
    this.base = base
    this.#levels = [base]
    this.#memory = memory
  }

  /** The picture reduced by 2 to the power of `level`, or as far as both sides stay at least 2 pixels. */
  level(level: number): { readonly picture: Picture; readonly level: number } {
    let last = this.#levels[this.#levels.length - 1] ?? this.base
    while (this.#levels.length <= level && Math.min(last.width, last.height) >= 4) {
      const half = { width: last.width >> 1, height: last.height >> 1 }
      const pixels = this.#memory.level(this.#levels.length, half.width * half.height * 3)
      last = halve(last, { ...half, pixels })
      this.#levels.push(last)
    }
    const reached = Math.min(level, this.#levels.length - 1)
    return { picture: this.#levels[reached] ?? this.base, level: reached }
  }
}

/** Means of 2×2 pixels; an odd last row or column is dropped. */
function halve({ pixels, width }: Picture, half: Picture): Picture {
  const out = half.pixels
  const stride = width * 3
  let to = 0
  for (let y = 0; y < half.height; y++) {
    let upper = y * 2 * stride
    for (let x = 0; x < half.width; x++, upper += 3)
      for (let channel = 0; channel < 3; channel++, upper++, to++) {
        const lower = upper + stride
        const left = (pixels[upper] as number) + (pixels[lower] as number)
        const right = (pixels[upper + 3] as number) + (pixels[lower + 3] as number)
        out[to] = (left + right + 2) >> 2
      }
  }
  return half
}
