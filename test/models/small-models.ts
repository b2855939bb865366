import { createOnnxCodec } from '../../src/models/onnx/codec.ts'
import { createGraphBuilder, type Dimension } from '../../src/models/onnx/graph-builder.ts'
import type { OnnxModel } from '../../src/models/onnx/model.ts'

/* Networks of a few kilobytes with the inputs and outputs of the real ones. */

export interface DetectorShape {
  readonly strides?: readonly number[]
  readonly lengths?: readonly number[]
  readonly height?: Dimension
  readonly width?: Dimension
}

/** SCRFD's nine outputs out of one pooling, one convolution and one reshape each. It sees no face anywhere. */
export function smallDetector(shape: DetectorShape = {}): OnnxModel {
  const { strides = [8, 16, 32], lengths = [1, 4, 10], height = 'height', width = 'width' } = shape
  const graph = createGraphBuilder('small-scrfd')
  const image = graph.input('input.1', [1, 3, height, width])
  for (const length of lengths) {
    for (const stride of strides) {
      const name = `${length}_${stride}`
      const pooled = graph.node('AveragePool', [image], { kernel_shape: [stride, stride], strides: [stride, stride] })
      const weight = graph.floats(`weight_${name}`, [2 * length, 3, 1, 1], seededFloats(2 * length * 3, stride))
      const bias = graph.floats(`bias_${name}`, [2 * length], new Float32Array(2 * length).fill(length === 1 ? -9 : 0))
      const channelsLast = graph.node('Transpose', [graph.node('Conv', [pooled, weight, bias])], { perm: [0, 2, 3, 1] })
      const target = graph.integers(`shape_${name}`, [-1, length])
      const value = graph.node('Reshape', [channelsLast, target])
      graph.output(`out_${name}`, ['anchors', length], length === 1 ? graph.node('Sigmoid', [value]) : value)
    }
  }
  return graph.build()
}

export interface RecogniserShape {
  readonly dimension?: number
  readonly side?: number
  /** Multiplies the weights; 0 makes every embedding the same. */
  readonly gain?: number
  readonly normalisesInside?: boolean
}

/** ArcFace's input and output around one pooling and one matrix. */
export function smallRecogniser(shape: RecogniserShape = {}): OnnxModel {
  const { dimension = 64, side = 112, gain = 1, normalisesInside = false } = shape
  const cells = Math.floor(side / 16) ** 2 * 3
  const graph = createGraphBuilder('small-arcface')
  let value = graph.input('data', ['N', 3, side, side])
  if (normalisesInside) value = graph.node('Sub', [value, graph.floats('mean', [1], new Float32Array([127.5]))])
  const pooled = graph.node('AveragePool', [value], { kernel_shape: [16, 16], strides: [16, 16] })
  const flat = graph.node('Reshape', [pooled, graph.integers('flat', [-1, cells])])
  const weights = seededFloats(cells * dimension, 7).map((weight) => weight * gain)
  graph.output(
    'embedding',
    ['N', dimension],
    graph.node('MatMul', [flat, graph.floats('fc', [cells, dimension], weights)]),
  )
  return graph.build()
}

/** What InsightFace's packs hold besides: one image in, one row of numbers out. */
export function smallAttributes(side: number, length: number): OnnxModel {
  return smallRecogniser({ side, dimension: length })
}

export function encoded(model: OnnxModel): Uint8Array {
  return createOnnxCodec().encode(model)
}

export function seededFloats(count: number, seed: number): Float32Array {
  let state = seed
  return new Float32Array(count).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}
