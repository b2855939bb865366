import type { Canvas, PixelOrder, PixelScaling, PlacedPicture } from './canvas.ts'
import type { Picture } from './picture.ts'
import { type Similarity, similarityScale } from './similarity.ts'

/** A picture is halved as far as both sides stay at least this long, pixels. */
const SIDE_MIN = 2

/**
 * A picture and its halvings, each made when first needed. Drawing samples from the one that is at most twice as fine as
 * needed, lest it alias. It has the canvas to itself, until the next pyramid is made on it.
 */
export class Pyramid {
  readonly base: Picture
  readonly #canvas: Canvas
  readonly #levels: PlacedPicture[]

  constructor(base: Picture, canvas: Canvas) {
    this.base = base
    this.#canvas = canvas
    canvas.clear()
    this.#levels = [canvas.place(base)]
  }

  /** Draws the part of the picture that `toPicture` maps a raster of this size onto; black outside of the picture. */
  draw(toPicture: Similarity, width: number, height: number): Picture {
    const { picture, map } = this.#levelFor(toPicture)
    return this.#canvas.draw(picture, map, { width, height })
  }

  /** The same as a network wants it; valid until the canvas is used again. */
  drawTensor(
    toPicture: Similarity,
    width: number,
    height: number,
    scaling: PixelScaling,
    order: PixelOrder,
  ): Float32Array {
    const { picture, map } = this.#levelFor(toPicture)
    return this.#canvas.drawTensor(picture, map, { width, height }, scaling, order)
  }

  #levelFor(toPicture: Similarity): { readonly picture: PlacedPicture; readonly map: Similarity } {
    const wanted = Math.max(0, Math.floor(Math.log2(Math.max(similarityScale(toPicture), 1e-6)) + 1e-9))
    let picture = this.#levels.at(-1) ?? this.#canvas.place(this.base)
    while (this.#levels.length <= wanted && Math.min(picture.width, picture.height) >= 2 * SIDE_MIN) {
      picture = this.#canvas.placeHalf(picture)
      this.#levels.push(picture)
    }
    const level = Math.min(wanted, this.#levels.length - 1)
    const reduce = 1 / 2 ** level
    const { a, b, tx, ty } = toPicture
    return {
      picture: this.#levels[level] ?? picture,
      map: { a: a * reduce, b: b * reduce, tx: tx * reduce, ty: ty * reduce },
    }
  }
}
