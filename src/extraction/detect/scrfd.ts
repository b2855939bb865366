import type { Box, Landmarks, Point } from '../../domain/face.ts'
import type { ScrfdSpec } from '../../domain/pack.ts'
import type { FloatTensor, Network } from '../inference/network.ts'
import type { PixelScaling } from '../picture/canvas.ts'
import type { Detection } from '../picture/found-face.ts'
import type { Pyramid } from '../picture/pyramid.ts'
import type { Similarity } from '../picture/similarity.ts'
import type { Detector } from './detector.ts'
import { intersectionOverUnion, suppressOverlaps } from './overlap.ts'

const SCALING: PixelScaling = { mean: [127.5, 127.5, 127.5], divisor: 128 }
const STRIDES = [8, 16, 32] as const
const ANCHORS_PER_CELL = 2
/** Both sides of the input are multiples of the coarsest stride. */
const SIDE_STEP = 32

interface Level {
  readonly stride: number
  readonly scores: Float32Array
  readonly distances: Float32Array
  readonly points: Float32Array
}

/** Side of the input of the quick look, per side of the full one; a quarter of the time. */
const QUICK_LOOK = 0.5
/** Larger side of a large face, per longest side of the window. */
const LARGE_FACE_MIN = 0.15

/** Guo et al., "Sample and Computation Redistribution for Efficient Face Detection" (SCRFD), ICLR 2022. */
export class ScrfdDetector implements Detector {
  readonly inputSize: number
  readonly #network: Network
  readonly #spec: ScrfdSpec
  /** Whether the graph takes images of `inputSize` × `inputSize` only. */
  readonly #sizeIsFixed: boolean

  constructor(network: Network, spec: ScrfdSpec) {
    this.#network = network
    this.#spec = spec
    this.inputSize = spec.inputSize
    const [, , height = null, width = null] = network.inputs[0]?.dims ?? []
    this.#sizeIsFixed = height !== null || width !== null
    if (this.#sizeIsFixed && (height !== spec.inputSize || width !== spec.inputSize))
      throw new Error(`The SCRFD model does not take images of ${spec.inputSize} × ${spec.inputSize} pixels`)
  }

  /** A quick look first: a photo with a large face is a portrait, and only other photos are worth a finer one. */
  async detect(pyramid: Pyramid, window: Box): Promise<readonly Detection[]> {
    const longest = Math.max(window.width, window.height)
    const finest = Math.min(this.#spec.inputSize, longest)
    const quick = this.#spec.inputSize * QUICK_LOOK
    if (quick < finest && !this.#sizeIsFixed) {
      const found = await this.#look(pyramid, window, longest / quick)
      if (found.some(({ box }) => Math.max(box.width, box.height) >= longest * LARGE_FACE_MIN)) return found
    }
    return this.#look(pyramid, window, longest / finest)
  }

  /** Letterboxes the window top-left into an input that is no larger than it need be. */
  async #look(pyramid: Pyramid, window: Box, perPixel: number): Promise<readonly Detection[]> {
    const [inputWidth, inputHeight] = this.#sizeIsFixed
      ? [this.#spec.inputSize, this.#spec.inputSize]
      : [stepUp(window.width / perPixel), stepUp(window.height / perPixel)]
    const toPicture: Similarity = { a: perPixel, b: 0, tx: window.x, ty: window.y }
    const data = pyramid.drawTensor(toPicture, inputWidth, inputHeight, SCALING, 'planar')
    const outputs = await this.#network.run([{ data, dims: [1, 3, inputHeight, inputWidth] }])
    const candidates = levels(outputs).flatMap((level) => this.#decode(level, inputWidth, toPicture))
    return suppressOverlaps(candidates, intersectionOverUnion, this.#spec.iouMax)
  }

  #decode({ stride, scores, distances, points }: Level, inputWidth: number, toPicture: Similarity): Detection[] {
    const columns = inputWidth / stride
    const found: Detection[] = []
    for (let anchor = 0; anchor < scores.length; anchor++) {
      const score = scores[anchor] ?? 0
      if (!(score >= this.#spec.scoreMin)) continue
      const cell = Math.floor(anchor / ANCHORS_PER_CELL)
      const centreX = (cell % columns) * stride
      const centreY = Math.floor(cell / columns) * stride
      const value = (values: Float32Array, index: number) => (values[index] ?? 0) * stride
      const place = (x: number, y: number): Point => [toPicture.a * x + toPicture.tx, toPicture.a * y + toPicture.ty]
      const [left, top] = place(centreX - value(distances, anchor * 4), centreY - value(distances, anchor * 4 + 1))
      const [right, bottom] = place(
        centreX + value(distances, anchor * 4 + 2),
        centreY + value(distances, anchor * 4 + 3),
      )
      const point = (index: number) =>
        place(centreX + value(points, anchor * 10 + 2 * index), centreY + value(points, anchor * 10 + 2 * index + 1))
      const landmarks: Landmarks = [point(0), point(1), point(2), point(3), point(4)]
      found.push({
        box: { x: left, y: top, width: right - left, height: bottom - top },
        score,
        eyes: [landmarks[0], landmarks[1]],
        landmarks,
      })
    }
    return found
  }
}

function stepUp(side: number): number {
  return Math.max(1, Math.ceil(side / SIDE_STEP - 1e-6)) * SIDE_STEP
}

/** Sorts the nine outputs out by their last dimension (1 score, 4 distances, 10 coordinates) and, within, their size. */
function levels(outputs: readonly FloatTensor[]): Level[] {
  const ofWidth = (width: number) =>
    outputs
      .filter(({ dims }) => dims[dims.length - 1] === width)
      .map(({ data }) => data)
      .sort((a, b) => b.length - a.length)
  const [scores, distances, points] = [ofWidth(1), ofWidth(4), ofWidth(10)]
  return STRIDES.map((stride, index) => {
    const level = { stride, scores: scores[index], distances: distances[index], points: points[index] }
    if (!level.scores || !level.distances || !level.points) throw new Error('The SCRFD model lacks an output')
    return { stride, scores: level.scores, distances: level.distances, points: level.points }
  })
}
