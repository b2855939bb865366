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
  const stride = width * 3
  let to = 0
  for (let y = 0; y < halfHeight; y++) {
    let upper = y * 2 * stride
    for (let x = 0; x < halfWidth; x++, upper += 3)
      for (let channel = 0; channel < 3; channel++, upper++, to++) {
        const lower = upper + stride
        const left = (pixels[upper] as number) + (pixels[lower] as number)
        const right = (pixels[upper + 3] as number) + (pixels[lower + 3] as number)
        out[to] = (left + right + 2) >> 2
      }
  }
  return { pixels: out, width: halfWidth, height: halfHeight }
}
