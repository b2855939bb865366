import type { Box, Point } from '../../domain/face.ts'
import type { BlazefaceSpec } from '../../domain/pack.ts'
import type { FloatTensor, Network } from '../inference/network.ts'
import type { PixelScaling } from '../picture/canvas.ts'
import type { Detection } from '../picture/found-face.ts'
import type { Pyramid } from '../picture/pyramid.ts'
import type { Similarity } from '../picture/similarity.ts'
import type { Detector } from './detector.ts'
import { clusterByOverlap, intersectionOverUnion } from './overlap.ts'

const SCALING: PixelScaling = { mean: [127.5, 127.5, 127.5], divisor: 127.5 }
/** Cells of the two feature maps: side of a cell in pixels, anchors in each. */
const FEATURE_MAPS = [
  { stride: 16, anchors: 2 },
  { stride: 32, anchors: 6 },
] as const
/** Centre, size, and six points: eyes, nose, mouth, ears. */
const VALUES_PER_ANCHOR = 16
const IOU_MAX = 0.3

/** Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019. */
export class BlazefaceDetector implements Detector {
  readonly inputSize: number
  readonly #network: Network
  readonly #spec: BlazefaceSpec

  constructor(network: Network, spec: BlazefaceSpec) {
    this.#network = network
    this.#spec = spec
    this.inputSize = spec.inputSize
  }

  /** Letterboxes the window into the middle of the square input. */
  async detect(pyramid: Pyramid, window: Box): Promise<readonly Detection[]> {
    const side = this.#spec.inputSize
    const perPixel = Math.max(window.width, window.height) / side
    const toPicture: Similarity = {
      a: perPixel,
      b: 0,
      tx: window.x + (window.width - side * perPixel) / 2,
      ty: window.y + (window.height - side * perPixel) / 2,
    }
    const data = pyramid.drawTensor(toPicture, side, side, SCALING, 'interleaved')
    const outputs = await this.#network.run([{ data, dims: [1, side, side, 3] }])
    return clusterByOverlap(this.#decode(outputs, toPicture), intersectionOverUnion, IOU_MAX).map(blend)
  }

  #decode(outputs: readonly FloatTensor[], toPicture: Similarity): Detection[] {
    const found: Detection[] = []
    for (const { stride, anchors } of FEATURE_MAPS) {
      const columns = this.#spec.inputSize / stride
      const count = columns * columns * anchors
      const scores = outputs.find(({ data }) => data.length === count)
      const values = outputs.find(({ data }) => data.length === count * VALUES_PER_ANCHOR)
      if (!scores || !values) throw new Error('The BlazeFace model lacks an output')
      for (let anchor = 0; anchor < count; anchor++) {
        const score = 1 / (1 + Math.exp(-(scores.data[anchor] ?? 0)))
        if (!(score >= this.#spec.scoreMin)) continue
        const cell = Math.floor(anchor / anchors)
        const originX = ((cell % columns) + 0.5) * stride
        const originY = (Math.floor(cell / columns) + 0.5) * stride
        const at = (index: number) => values.data[anchor * VALUES_PER_ANCHOR + index] ?? 0
        const place = (x: number, y: number): Point => [
          (originX + x) * toPicture.a + toPicture.tx,
          (originY + y) * toPicture.a + toPicture.ty,
        ]
        const [x, y] = place(at(0) - at(2) / 2, at(1) - at(3) / 2)
        found.push({
          box: { x, y, width: at(2) * toPicture.a, height: at(3) * toPicture.a },
          score,
          eyes: [place(at(4), at(5)), place(at(6), at(7))],
          landmarks: null,
        })
      }
    }
    return found
  }
}

/** The mean of all candidates for one face, weighted by their scores, which trembles less than the best alone. */
function blend(candidates: readonly [Detection, ...Detection[]]): Detection {
  const total = candidates.reduce((sum, { score }) => sum + score, 0)
  const mean = (of: (detection: Detection) => number) =>
    candidates.reduce((sum, detection) => sum + detection.score * of(detection), 0) / total
  return {
    box: {
      x: mean(({ box }) => box.x),
      y: mean(({ box }) => box.y),
      width: mean(({ box }) => box.width),
      height: mean(({ box }) => box.height),
    },
    score: candidates[0].score,
    eyes: [
      [mean(({ eyes }) => eyes[0][0]), mean(({ eyes }) => eyes[0][1])],
      [mean(({ eyes }) => eyes[1][0]), mean(({ eyes }) => eyes[1][1])],
    ],
    landmarks: null,
  }
}
