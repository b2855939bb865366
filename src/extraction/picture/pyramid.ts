import type { Picture } from './picture.ts'

/** A picture and its halvings, each made when first asked for: what shrinking samples from, lest it alias. */
export class Pyramid {
  readonly base: Picture
  readonly #levels: Picture[]

  constructor(base: Picture) {
    this.base = base
    this.#levels = [base]
  }

  /** The picture reduced by 2 to the power of `level`, or as far as both sides stay at least 2 pixels. */
  level(level: number): { readonly picture: Picture; readonly level: number } {
    let last = this.#levels[this.#levels.length - 1] ?? this.base
    while (this.#levels.length <= level && Math.min(last.width, last.height) >= 4) {
      last = halve(last)
      this.#levels.push(last)
    }
    const reached = Math.min(level, this.#levels.length - 1)
    return { picture: this.#levels[reached] ?? this.base, level: reached }
  }
}

/** Means of 2×2 pixels; an odd last row or column is dropped. */
function halve({ pixels, width, height }: Picture): Picture {
  const halfWidth = width >> 1
  const halfHeight = height >> 1
  const out = new Uint8Array(halfWidth * halfHeight * 3)
  let to = 0
  for (let y = 0; y < halfHeight; y++) {
    let upper = y * 2 * width * 3
    let lower = upper + width * 3
    for (let x = 0; x < halfWidth; x++, upper += 6, lower += 6, to += 3) {
      for (let c = 0; c < 3; c++) {
        const sum =
          (pixels[upper + c] ?? 0) +
          (pixels[upper + c + 3] ?? 0) +
          (pixels[lower + c] ?? 0) +
          (pixels[lower + c + 3] ?? 0)
        out[to + c] = (sum + 2) >> 2
      }
    }
  }
  return { pixels: out, width: halfWidth, height: halfHeight }
}
