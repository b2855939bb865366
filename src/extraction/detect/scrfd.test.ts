import { describe, expect, it } from 'vitest'
import { PICTURE_KERNEL } from '../../../test/extraction/picture-kernel.ts'
import type { ScrfdSpec } from '../../domain/pack.ts'
import type { Network } from '../inference/network.ts'
import { Canvas } from '../picture/canvas.ts'
import { Pyramid } from '../picture/pyramid.ts'
import { ScrfdDetector } from './scrfd.ts'

const SPEC: ScrfdSpec = { kind: 'scrfd', file: 'detector.onnx', inputSize: 640, scoreMin: 0.5, iouMax: 0.4 }

/** A graph that finds nothing, for inputs of one size or of any; notes the sizes that it was shown. */
function blindNetwork(size: number | null, shown: (readonly number[])[]): Network {
  return {
    inputs: [{ name: 'image', dims: [1, 3, size, size] }],
    outputs: [],
    async run([input]) {
      const [, , height = 0, width = 0] = input?.dims ?? []
      expect(input?.data.length).toBe(3 * height * width)
      shown.push([height, width])
      return [1, 4, 10].flatMap((values) =>
        [8, 16, 32].map((stride) => {
          const anchors = ((height / stride) * width * 2) / stride
          return { data: new Float32Array(anchors * values), dims: [anchors, values] }
        }),
      )
    },
    release: async () => {},
  }
}

async function sizesShown(size: number | null, width: number, height: number): Promise<readonly (readonly number[])[]> {
  const shown: (readonly number[])[] = []
  const detector = new ScrfdDetector(blindNetwork(size, shown), SPEC)
  const black = { pixels: new Uint8Array(width * height * 3), width, height }
  const pyramid = new Pyramid(black, new Canvas(PICTURE_KERNEL))
  const found = await detector.detect(pyramid, { x: 0, y: 0, width, height })
  expect(found).toEqual([])
  return shown
}

describe('what SCRFD is shown', () => {
  it('is as large as the photo needs, after a quick look, where the graph takes any size', async () => {
    expect(await sizesShown(null, 1280, 960)).toEqual([
      [256, 320],
      [480, 640],
    ])
    expect(await sizesShown(null, 300, 100)).toEqual([[128, 320]])
  })

  it('has the size that the graph wants, where it takes one only', async () => {
    expect(await sizesShown(640, 1280, 960)).toEqual([[640, 640]])
    expect(await sizesShown(640, 300, 100)).toEqual([[640, 640]])
  })

  it('can be of no other size than the manifest says', () => {
    expect(() => new ScrfdDetector(blindNetwork(320, []), SPEC)).toThrow('640')
  })
})
