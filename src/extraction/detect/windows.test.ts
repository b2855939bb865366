import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PICTURE_KERNEL } from '../../../test/extraction/picture-kernel.ts'
import type { Box } from '../../domain/face.ts'
import { Canvas } from '../picture/canvas.ts'
import type { Detection } from '../picture/found-face.ts'
import { Pyramid } from '../picture/pyramid.ts'
import { borderedView, closeView, detectIn, wholeView } from './windows.ts'

const sizes = fc.record({ width: fc.integer({ min: 1, max: 5000 }), height: fc.integer({ min: 1, max: 5000 }) })
const covers = (window: Box, x: number, y: number) =>
  x >= window.x - 1e-6 &&
  x <= window.x + window.width + 1e-6 &&
  y >= window.y - 1e-6 &&
  y <= window.y + window.height + 1e-6

describe('the views of a photo', () => {
  it('cover all of it, but for strips beyond reason', () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(sizes, part, part, ({ width, height }, right, down) => {
        fc.pre(Math.max(width, height) < 20 * Math.min(width, height))
        for (const view of [wholeView, borderedView, closeView])
          expect(view({ width, height }).some((window) => covers(window, width * right, height * down))).toBe(true)
      }),
    )
  })

  it('are one window for usual shapes, several for long ones, and never many', () => {
    fc.assert(
      fc.property(sizes, ({ width, height }) => {
        const ratio = Math.max(width, height) / Math.min(width, height)
        const { length } = wholeView({ width, height })
        expect(length === 1).toBe(ratio <= 2)
        expect(length).toBeLessThanOrEqual(16)
      }),
    )
  })

  it('show each face once, though two windows see it', async () => {
    const face: Box = { x: 140, y: 20, width: 30, height: 30 }
    const windows = wholeView({ width: 300, height: 80 })
    expect(windows.filter(({ x, width }) => x <= 140 && x + width >= 170).length).toBeGreaterThan(1)
    const seen: Detection = {
      box: face,
      score: 0.9,
      eyes: [
        [148, 30],
        [162, 30],
      ],
      landmarks: null,
    }
    const detector = {
      inputSize: 256,
      detect: async (_pyramid: Pyramid, window: Box) => (covers(window, 155, 35) ? [seen] : []),
    }
    const pyramid = new Pyramid(
      { pixels: new Uint8Array(300 * 80 * 3), width: 300, height: 80 },
      new Canvas(PICTURE_KERNEL),
    )
    expect(await detectIn(detector, pyramid, windows)).toEqual([seen])
  })
})
