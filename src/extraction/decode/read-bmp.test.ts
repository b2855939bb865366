import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../domain/errors.ts'
import { readBmp } from './read-bmp.ts'

type Bits = 8 | 24 | 32
interface Bitmap {
  readonly width: number
  readonly height: number
  readonly bits: Bits
  readonly topDown: boolean
  /** Red, green and blue of each pixel; of 8 bits a grey, through a palette that negates. */
  readonly pixels: Uint8Array
}

function writeBmp({ width, height, bits, topDown, pixels }: Bitmap): Uint8Array {
  const rowBytes = Math.ceil((width * bits) / 32) * 4
  const start = 54 + (bits === 8 ? 1024 : 0)
  const bytes = new Uint8Array(start + rowBytes * height)
  const view = new DataView(bytes.buffer)
  bytes.set([0x42, 0x4d])
  view.setUint32(2, bytes.length, true)
  view.setUint32(10, start, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, width, true)
  view.setInt32(22, topDown ? -height : height, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, bits, true)
  if (bits === 8) for (let i = 0; i < 256; i++) bytes.fill(255 - i, 54 + 4 * i, 57 + 4 * i)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3
      const [red, green, blue] = [pixels[from] ?? 0, pixels[from + 1] ?? 0, pixels[from + 2] ?? 0]
      const row = topDown ? y : height - 1 - y
      bytes.set(bits === 8 ? [255 - red] : [blue, green, red], start + row * rowBytes + (x * bits) / 8)
    }
  return bytes
}

const bitmaps = fc
  .record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    bits: fc.constantFrom<Bits>(8, 24, 32),
    topDown: fc.boolean(),
  })
  .chain((shape) => {
    const count = shape.width * shape.height * 3
    return fc.uint8Array({ minLength: count, maxLength: count }).map((values): Bitmap => {
      const grey = values.map((_, index) => values[index - (index % 3)] ?? 0)
      return { ...shape, pixels: shape.bits === 8 ? grey : values }
    })
  })

describe('readBmp', () => {
  it('reads what was written', () => {
    fc.assert(
      fc.property(bitmaps, (bitmap) => {
        const { width, height, pixels } = bitmap
        expect(readBmp(writeBmp(bitmap), 100)).toEqual({ width, height, pixels })
      }),
    )
  })

  it('refuses a file that is cut off anywhere', () => {
    fc.assert(
      fc.property(bitmaps, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (bitmap, part) => {
        const whole = writeBmp(bitmap)
        expect(() => readBmp(whole.subarray(0, Math.floor(whole.length * part)), 100)).toThrow(Refusal)
      }),
    )
  })

  it('never reads beyond the file nor fails otherwise, whatever the header says', () => {
    fc.assert(
      fc.property(bitmaps, fc.array(fc.tuple(fc.nat(53), fc.nat(255)), { maxLength: 6 }), (bitmap, changes) => {
        const bytes = writeBmp(bitmap)
        for (const [at, value] of changes) bytes[at] = value
        try {
          const { pixels, width, height } = readBmp(bytes, 10_000)
          expect(pixels.length).toBe(width * height * 3)
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
        }
      }),
    )
  })

  it('refuses too many pixels by the header', () => {
    const bytes = writeBmp({ width: 4, height: 4, bits: 24, topDown: false, pixels: new Uint8Array(48) })
    new DataView(bytes.buffer).setInt32(18, 60_000, true)
    expect(() => readBmp(bytes, 100_000)).toThrow('image-too-large')
  })
})
