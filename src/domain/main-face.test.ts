import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Box } from './face.ts'
import { mainFaceIndex } from './main-face.ts'

const box = (x: number, y: number, width: number): Box => ({ x, y, width, height: width * 1.2 })

describe('mainFaceIndex', () => {
  it('is -1 without faces', () => {
    expect(mainFaceIndex([], 640, 480)).toBe(-1)
  })

  it('takes the largest face over a central bystander', () => {
    expect(mainFaceIndex([box(300, 220, 40), box(10, 10, 200)], 640, 480)).toBe(1)
  })

  it('takes the central one among faces of about the same size', () => {
    expect(mainFaceIndex([box(0, 180, 120), box(270, 180, 100), box(520, 180, 110)], 640, 480)).toBe(1)
  })

  it('counts a face of exactly two thirds of the widest as a rival', () => {
    expect(mainFaceIndex([box(0, 0, 150), box(270, 190, 100)], 640, 480)).toBe(1)
    expect(mainFaceIndex([box(0, 0, 151), box(270, 190, 100)], 640, 480)).toBe(0)
  })

  it('does not depend on the order of the faces', () => {
    const boxes = fc.array(
      fc.record({
        x: fc.integer({ min: 0, max: 600 }),
        y: fc.integer({ min: 0, max: 440 }),
        width: fc.integer({ min: 1, max: 300 }),
        height: fc.integer({ min: 1, max: 300 }),
      }),
      { minLength: 1, maxLength: 8 },
    )
    fc.assert(
      fc.property(boxes, (faces) => {
        const distance = (face: Box | undefined) =>
          face === undefined ? Number.NaN : Math.hypot(face.x + face.width / 2 - 320, face.y + face.height / 2 - 240)
        const forwards = faces[mainFaceIndex(faces, 640, 480)]
        const turned = faces.toReversed()
        const backwards = turned[mainFaceIndex(turned, 640, 480)]
        expect(distance(backwards)).toBeCloseTo(distance(forwards), 9)
      }),
    )
  })
})
