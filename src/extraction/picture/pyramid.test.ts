import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PICTURE_KERNEL } from '../../../test/extraction/picture-kernel.ts'
import { Canvas, type PixelScaling } from './canvas.ts'
import type { Picture } from './picture.ts'
import { Pyramid } from './pyramid.ts'
import { type Similarity, squareToPicture } from './similarity.ts'

/** One for all: a picture that came before must not show through. */
const canvas = new Canvas(PICTURE_KERNEL)

const pictures = fc
  .record({ width: fc.integer({ min: 2, max: 12 }), height: fc.integer({ min: 2, max: 12 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
      .map((pixels): Picture => ({ pixels, width, height })),
  )

/** Scales below 2, which need no halving. */
const maps: fc.Arbitrary<Similarity> = fc
  .record({
    size: fc.double({ min: 0.5, max: 15, noNaN: true }),
    angle: fc.double({ min: -4, max: 4, noNaN: true }),
    x: fc.double({ min: -3, max: 15, noNaN: true }),
    y: fc.double({ min: -3, max: 15, noNaN: true }),
  })
  .map(({ size, angle, x, y }) => squareToPicture(8, [x, y], size, angle))

function paint(width: number, height: number, grey: (x: number, y: number) => number): Picture {
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.fill(grey(x, y), (y * width + x) * 3, (y * width + x) * 3 + 3)
  return { pixels, width, height }
}

const channelAt = ({ pixels, width }: Picture, x: number, y: number, channel: number) =>
  pixels[(y * width + x) * 3 + channel] ?? Number.NaN
const greyAt = (picture: Picture, x: number, y: number) => channelAt(picture, x, y, 0)
const draw = (picture: Picture, map: Similarity, width: number, height: number) =>
  new Pyramid(picture, canvas).draw(map, width, height)

/** Bilinear; black from half a pixel beyond the outermost centres on. `parts`: to how fine a part of a pixel places count. */
function sample(picture: Picture, x: number, y: number, channel: number, parts: number): number {
  const [lastX, lastY] = [picture.width - 1, picture.height - 1]
  const round = (place: number) => Math.floor(place * parts + 0.5) / parts
  const [rx, ry] = [round(x), round(y)]
  if (!(rx >= -0.5 && ry >= -0.5 && rx < lastX + 0.5 && ry < lastY + 0.5)) return 0
  const [cx, cy] = [Math.min(Math.max(rx, 0), lastX), Math.min(Math.max(ry, 0), lastY)]
  const [left, top] = [Math.floor(cx), Math.floor(cy)]
  const [fx, fy] = [cx - left, cy - top]
  const at = (dx: number, dy: number) =>
    channelAt(picture, Math.min(left + dx, lastX), Math.min(top + dy, lastY), channel)
  return (1 - fy) * ((1 - fx) * at(0, 0) + fx * at(1, 0)) + fy * ((1 - fx) * at(0, 1) + fx * at(1, 1))
}

describe('drawing from a pyramid', () => {
  it('is bilinear to 1/128 of a pixel, rounded to the nearest', () => {
    // Halves of such parts are left out: there, the last digit decides which part it is.
    const unit = fc.integer({ min: -300, max: 300 })
    const places = fc.integer({ min: -400, max: 1_600 })
    fc.assert(
      fc.property(pictures, unit, unit, places, places, (picture, a128, b128, x128, y128) => {
        fc.pre(Math.hypot(a128, b128) >= 32 && Math.hypot(a128, b128) < 256)
        const [a, b, x0, y0] = [a128 / 128, b128 / 128, (2 * x128) / 256, (2 * y128) / 256]
        const drawn = draw(picture, { a, b, tx: x0 + 0.5 - (a - b) / 2, ty: y0 + 0.5 - (a + b) / 2 }, 8, 8)
        for (let row = 0; row < 8; row++)
          for (let column = 0; column < 8; column++)
            for (let channel = 0; channel < 3; channel++) {
              const exact = sample(picture, x0 + a * column - b * row, y0 + b * column + a * row, channel, 128)
              expect(channelAt(drawn, column, row, channel)).toBe(Math.floor(exact + 0.5))
            }
      }),
    )
  })

  it('is as near to what lies between the parts as the parts allow', () => {
    fc.assert(
      fc.property(pictures, maps, (picture, map) => {
        const { a, b, tx, ty } = map
        const drawn = draw(picture, map, 8, 8)
        for (let row = 0; row < 8; row++)
          for (let column = 0; column < 8; column++) {
            const x = a * (column + 0.5) - b * (row + 0.5) + tx - 0.5
            const y = b * (column + 0.5) + a * (row + 0.5) + ty - 0.5
            const { width, height } = picture
            // On the very edge, the rounding of places decides whether a pixel is inside.
            if ([x + 0.5, y + 0.5, x + 0.5 - width, y + 0.5 - height].some((off) => Math.abs(off) < 1 / 128)) continue
            for (let channel = 0; channel < 3; channel++) {
              const exact = sample(picture, x, y, channel, 2 ** 32)
              // From one pixel to the next there are 255 steps at most, in both directions.
              expect(Math.abs(channelAt(drawn, column, row, channel) - exact)).toBeLessThanOrEqual(0.5 + 255 / 128)
            }
          }
      }),
    )
  })

  it('gives the picture itself where nothing changes', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        expect(draw(picture, { a: 1, b: 0, tx: 0, ty: 0 }, picture.width, picture.height)).toEqual(picture)
      }),
    )
  })

  it('moves by whole pixels exactly, and what comes from outside is black', () => {
    fc.assert(
      fc.property(pictures, fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), (picture, tx, ty) => {
        const { width, height } = picture
        const moved = draw(picture, { a: 1, b: 0, tx, ty }, width, height)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const inside = x + tx >= 0 && x + tx < width && y + ty >= 0 && y + ty < height
            expect(greyAt(moved, x, y)).toBe(inside ? greyAt(picture, x + tx, y + ty) : 0)
          }
      }),
    )
  })

  it('never leaves the range of the pixels it draws from', () => {
    const turn = fc.record({
      size: fc.double({ min: 0.5, max: 40, noNaN: true }),
      angle: fc.double({ min: -4, max: 4, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 255 }), turn, (grey, { size, angle }) => {
        const flat = paint(9, 7, () => grey)
        const drawn = draw(flat, squareToPicture(8, [4.5, 3.5], size, angle), 8, 8)
        for (const value of drawn.pixels) expect([0, grey]).toContain(value)
      }),
    )
  })

  it('turns clockwise by the angle given', () => {
    const upper = paint(40, 40, (_x, y) => (y < 20 ? 200 : 50))
    const turned = draw(upper, squareToPicture(20, [20, 20], 20, Math.PI / 2), 20, 20)
    // The square lies on its right side: its left edge looks at the upper half.
    expect([greyAt(turned, 3, 10), greyAt(turned, 16, 10)]).toEqual([200, 50])
  })

  it('halves by the means of four pixels, rounded', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const [width, height] = [picture.width >> 1, picture.height >> 1]
        fc.pre(Math.min(picture.width, picture.height) >= 4)
        const half = draw(picture, { a: 2, b: 0, tx: 0, ty: 0 }, width, height)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++)
            for (let channel = 0; channel < 3; channel++) {
              const four = [0, 1, 2, 3].map((i) => channelAt(picture, 2 * x + (i & 1), 2 * y + (i >> 1), channel))
              const mean = four.reduce((sum, value) => sum + value, 0) / 4
              expect(channelAt(half, x, y, channel)).toBe(Math.floor(mean + 0.5))
            }
      }),
    )
  })

  it('shrinks fine patterns to their mean instead of to moiré', () => {
    const board = paint(256, 256, (x, y) => ((x + y) % 2 === 0 ? 255 : 0))
    const small = draw(board, { a: 5.3, b: 0, tx: 0, ty: 0 }, 48, 48)
    for (const value of small.pixels) expect(Math.abs(value - 128)).toBeLessThanOrEqual(2)
  })

  it('holds pictures of any size one after the other', () => {
    for (const side of [3, 1_300, 5, 700]) {
      const picture = paint(side, side, (x, y) => (x * 7 + y * 13) % 256)
      const same = draw(picture, { a: 1, b: 0, tx: 0, ty: 0 }, side, side)
      expect(Buffer.compare(same.pixels, picture.pixels)).toBe(0)
    }
  })
})

describe('what networks are shown', () => {
  const scaling: PixelScaling = { mean: [122.782, 117.001, 104.298], divisor: 128 }
  const value = (picture: Picture, pixel: number, channel: number) =>
    ((picture.pixels[pixel * 3 + channel] ?? Number.NaN) - (scaling.mean[channel] ?? 0)) / scaling.divisor

  it('is what is drawn, scaled, pixel by pixel or plane by plane', () => {
    fc.assert(
      fc.property(pictures, maps, fc.integer({ min: 1, max: 9 }), (picture, map, width) => {
        const height = 7
        const pyramid = new Pyramid(picture, canvas)
        const drawn = pyramid.draw(map, width, height)
        const pixels = Array.from({ length: width * height }, (_, pixel) => pixel)
        const interleaved = pixels.flatMap((pixel) => [0, 1, 2].map((channel) => value(drawn, pixel, channel)))
        const planar = [0, 1, 2].flatMap((channel) => pixels.map((pixel) => value(drawn, pixel, channel)))
        expectClose(pyramid.drawTensor(map, width, height, scaling, 'interleaved'), interleaved)
        expectClose(pyramid.drawTensor(map, width, height, scaling, 'planar'), planar)
      }),
    )
  })

  it('is a face and its mirror image', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const { width, height } = picture
        const rows = Array.from({ length: 3 * height }, (_, row) => row)
        const columns = Array.from({ length: width }, (_, column) => column)
        const at = (row: number, column: number) =>
          value(picture, (row % height) * width + column, Math.floor(row / height))
        const upright = rows.flatMap((row) => columns.map((column) => at(row, column)))
        const mirrored = rows.flatMap((row) => columns.map((column) => at(row, width - 1 - column)))
        expectClose(canvas.tensor([picture], picture, scaling, false), upright)
        expectClose(canvas.tensor([picture], picture, scaling, true), [...upright, ...mirrored])
      }),
    )
  })

  it('tells how bright and how rich in detail a picture is', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const { width, height } = picture
        const luma = Array.from({ length: width * height }, (_, i) => {
          const at = (channel: number) => picture.pixels[3 * i + channel] ?? Number.NaN
          return 0.299 * at(0) + 0.587 * at(1) + 0.114 * at(2)
        })
        const inner = luma.flatMap((value, i) => {
          const [x, y] = [i % width, Math.floor(i / width)]
          if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return []
          const around = [i - 1, i + 1, i - width, i + width].map((beside) => luma[beside] ?? Number.NaN)
          return [around.reduce((sum, beside) => sum + beside, -4 * value)]
        })
        const mean = (values: readonly number[]) =>
          values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
        const variance = (values: readonly number[]) => mean(values.map((value) => (value - mean(values)) ** 2))
        const found = canvas.texture(picture)
        expect(found.meanLuma).toBeCloseTo(mean(luma), 6)
        expect(found.lumaVariance).toBeCloseTo(variance(luma), 6)
        expect(found.edgeVariance).toBeCloseTo(variance(inner), 6)
      }),
    )
  })

  function expectClose(found: Float32Array, expected: readonly number[]): void {
    expect(found).toHaveLength(expected.length)
    expected.forEach((wanted, index) => {
      expect(Math.abs((found[index] ?? Number.NaN) - wanted)).toBeLessThan(1e-6)
    })
  }
})
