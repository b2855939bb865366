import { openPictureKernel, type PictureKernel } from './kernel/kernel.ts'
import type { Picture } from './picture.ts'
import type { Similarity } from './similarity.ts'

/** Input value = (pixel - mean) / divisor, in the order R, G, B. */
export interface PixelScaling {
  readonly mean: readonly [number, number, number]
  readonly divisor: number
}

/** Whether a network takes pixels as they are ordered (HWC) or one plane a colour (CHW). */
export type PixelOrder = 'interleaved' | 'planar'

interface Size {
  readonly width: number
  readonly height: number
}

/** Of luma (ITU-R BT.601), 0 to 255. */
export interface Texture {
  readonly meanLuma: number
  readonly lumaVariance: number
  /** Of the Laplacian. */
  readonly edgeVariance: number
}

/** A picture in the canvas's memory. */
export interface PlacedPicture extends Size {
  readonly at: number
}

const CHANNELS = 3
const PAGE_BYTES = 65_536
/** The kernel reads and writes whole vectors, somewhat beyond what is asked for. */
const SPARE_BYTES = 64
const ALIGNMENT = 16
/** Room for four sums of 64 bits, wherever they have to begin. */
const SUMS_FLOATS = 32
/** The kernel counts luma in thousandths. */
const LUMA_PARTS = 1_000
const NOWHERE = 2 ** 30
/** Below this the kernel may have data of its own. */
const FIRST = 1_024

/**
 * Draws pictures, and makes of them what networks are shown, in WebAssembly SIMD. What was placed stays until `clear`;
 * what is drawn lies behind it and is valid until the next call. A canvas belongs to one thread and one photo at a time.
 * Its memory never shrinks: what is made anew for each photo would stay until the garbage collector comes, which reckons
 * with small objects only.
 */
export class Canvas {
  readonly #kernel: PictureKernel
  #end = FIRST

  /** @param file the built kernel */
  constructor(file: string) {
    this.#kernel = openPictureKernel(file)
  }

  clear(): void {
    this.#end = FIRST
  }

  place({ pixels, width, height }: Picture): PlacedPicture {
    const at = this.#take(pixels.length)
    this.#bytes(at, pixels.length).set(pixels)
    return { at, width, height }
  }

  /** Half as wide and high; an odd last row or column is dropped. */
  placeHalf({ at, width, height }: PlacedPicture): PlacedPicture {
    const half = { width: width >> 1, height: height >> 1 }
    const placed = { at: this.#take(bytesOf(half)), ...half }
    this.#kernel.halve(at, width, height, placed.at)
    return placed
  }

  /**
   * The part of a picture that `toPicture` maps a raster of this size onto: bilinear, black outside of the picture.
   * @returns in memory of its own
   */
  draw(picture: PlacedPicture, toPicture: Similarity, size: Size): Picture {
    const [raster] = this.#room(bytesOf(size))
    this.#draw(picture, toPicture, raster, size)
    return { pixels: this.#bytes(raster, bytesOf(size)).slice(), ...size }
  }

  /** As `draw`, but as a network wants it; valid until the next call. */
  drawTensor(
    picture: PlacedPicture,
    toPicture: Similarity,
    size: Size,
    scaling: PixelScaling,
    order: PixelOrder,
  ): Float32Array {
    const values = bytesOf(size)
    const [raster, tensor] = this.#room(values, values)
    this.#draw(picture, toPicture, raster, size)
    this.#scale(raster, values / CHANNELS, scaling, order, tensor)
    return this.#floats(tensor, values)
  }

  /**
   * Pictures of this size as a network wants them, planar, and behind each, if wished, its mirror image; valid until the
   * next call.
   */
  tensor(pictures: readonly Picture[], size: Size, scaling: PixelScaling, mirrored: boolean): Float32Array {
    const values = bytesOf(size)
    const each = values * (mirrored ? 2 : 1)
    const [raster, tensor] = this.#room(values, each * pictures.length)
    pictures.forEach(({ pixels }, index) => {
      const upright = tensor + index * each * 4
      this.#bytes(raster, values).set(pixels)
      this.#scale(raster, values / CHANNELS, scaling, 'planar', upright)
      if (mirrored) this.#kernel.mirror(upright, size.width, size.height * CHANNELS, upright + values * 4)
    })
    return this.#floats(tensor, each * pictures.length)
  }

  /** What brightness and sharpness are reckoned from. */
  texture(picture: Picture): Texture {
    const { pixels, width, height } = picture
    const count = width * height
    const [raster, luma] = this.#room(pixels.length, count + SUMS_FLOATS)
    const sums = aligned(luma + count * 4)
    this.#bytes(raster, pixels.length).set(pixels)
    this.#kernel.texture(raster, width, height, luma, sums)
    const [sum = 0, squares = 0, edges = 0, edgeSquares = 0] = new Float64Array(this.#kernel.memory.buffer, sums, 4)
    return {
      meanLuma: count === 0 ? 0 : sum / count / LUMA_PARTS,
      lumaVariance: variance(sum, squares, count) / LUMA_PARTS ** 2,
      edgeVariance: variance(edges, edgeSquares, Math.max(0, width - 2) * Math.max(0, height - 2)) / LUMA_PARTS ** 2,
    }
  }

  #draw({ at, width, height }: PlacedPicture, { a, b, tx, ty }: Similarity, raster: number, size: Size): void {
    // The kernel counts from centres of pixels, which lie at halves.
    const [x0, y0] = [(a - b) / 2 + tx - 0.5, (a + b) / 2 + ty - 0.5]
    this.#kernel.draw(at, width, height, fixed(a), fixed(b), fixed(x0), fixed(y0), raster, size.width, size.height)
  }

  #scale(pixels: number, count: number, { mean, divisor }: PixelScaling, order: PixelOrder, out: number): void {
    const write = order === 'planar' ? this.#kernel.separate : this.#kernel.interleave
    write(pixels, count, ...mean, 1 / divisor, out)
  }

  /** Memory that stays until `clear`. */
  #take(bytes: number): number {
    const at = this.#end
    this.#end = aligned(at + bytes)
    this.#growTo(this.#end)
    return at
  }

  /** Memory behind what stays: for so many bytes, and for so many floats. */
  #room(bytes: number, floats = 0): readonly [bytes: number, floats: number] {
    const second = aligned(this.#end + bytes)
    this.#growTo(aligned(second + floats * 4))
    return [this.#end, second]
  }

  #growTo(bytes: number): void {
    const { memory } = this.#kernel
    const missing = bytes - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
  }

  #bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#kernel.memory.buffer, at, length)
  }

  #floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#kernel.memory.buffer, at, length)
  }
}

/** From sums in double precision, which have room for the squares of pixels. */
function variance(sum: number, squares: number, count: number): number {
  return count === 0 ? 0 : Math.max(0, squares / count - (sum / count) ** 2)
}

function bytesOf({ width, height }: Size): number {
  return width * height * CHANNELS
}

/** In 2^-32 of a pixel; what is nowhere lies far outside of any picture. */
function fixed(pixels: number): bigint {
  return BigInt(Math.round((Number.isFinite(pixels) ? pixels : NOWHERE) * 2 ** 32))
}

/** The next good place, with the spare bytes before it. */
function aligned(at: number): number {
  return Math.ceil((at + SPARE_BYTES) / ALIGNMENT) * ALIGNMENT
}
