import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blankPicture, type Picture } from './picture.ts'
import { Pyramid } from './pyramid.ts'
import { squareToPicture } from './similarity.ts'
import { warp } from './warp.ts'

const pictures = fc
  .record({ width: fc.integer({ min: 2, max: 12 }), height: fc.integer({ min: 2, max: 12 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
      .map((pixels): Picture => ({ pixels, width, height })),
  )

function paint(width: number, height: number, grey: (x: number, y: number) => number): Picture {
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) pixels.fill(grey(x, y), (y * width + x) * 3, (y * width + x) * 3 + 3)
  return { pixels, width, height }
}

const greyAt = ({ pixels, width }: Picture, x: number, y: number) => pixels[(y * width + x) * 3] ?? Number.NaN

describe('warp', () => {
  it('gives the picture itself where nothing changes', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const same = warp(
          new Pyramid(picture),
          { a: 1, b: 0, tx: 0, ty: 0 },
          blankPicture(picture.width, picture.height),
        )
        expect(same).toEqual(picture)
      }),
    )
  })

  it('moves by whole pixels exactly, and what comes from outside is black', () => {
    fc.assert(
      fc.property(pictures, fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), (picture, tx, ty) => {
        const { width, height } = picture
        const moved = warp(new Pyramid(picture), { a: 1, b: 0, tx, ty }, blankPicture(width, height))
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
        const drawn = warp(new Pyramid(flat), squareToPicture(8, [4.5, 3.5], size, angle), blankPicture(8, 8))
        for (const value of drawn.pixels) expect([0, grey]).toContain(value)
      }),
    )
  })

  it('turns clockwise by the angle given', () => {
    const upper = paint(40, 40, (_x, y) => (y < 20 ? 200 : 50))
    const turned = warp(new Pyramid(upper), squareToPicture(20, [20, 20], 20, Math.PI / 2), blankPicture(20, 20))
    // The square lies on its right side: its left edge looks at the upper half.
    expect([greyAt(turned, 3, 10), greyAt(turned, 16, 10)]).toEqual([200, 50])
  })

  it('shrinks fine patterns to their mean instead of to moiré', () => {
    const board = paint(256, 256, (x, y) => ((x + y) % 2 === 0 ? 255 : 0))
    const small = warp(new Pyramid(board), { a: 5.3, b: 0, tx: 0, ty: 0 }, blankPicture(48, 48))
    for (const value of small.pixels) expect(Math.abs(value - 128)).toBeLessThanOrEqual(2)
  })
})
