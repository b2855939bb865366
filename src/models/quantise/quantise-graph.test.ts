import { describe, expect, it } from 'vitest'
import { encoded, seededFloats } from '../../../test/models/small-models.ts'
import { openNetwork, runOnce } from '../../extraction/inference/network.ts'
import { createGraphBuilder } from '../onnx/graph-builder.ts'
import type { OnnxModel } from '../onnx/model.ts'
import { rewritePrelu } from '../rewrite/prelu.ts'
import { quantiseGraph } from './quantise-graph.ts'
import { quantiseWeights, WEIGHT_MAX } from './quantise-weights.ts'

const SIDE = 12
const CHANNELS = 16

/** Two convolutions around a PRelu, a sum of both, a depthwise one with a clipping, and a matrix product. */
function network(): OnnxModel {
  const graph = createGraphBuilder('small')
  const conv = (input: string, name: string, inputs: number, attributes: { group?: number } = {}) => {
    const perGroup = inputs / (attributes.group ?? 1)
    const weights = seededFloats(CHANNELS * perGroup * 9, name.length).map((weight) => weight / Math.sqrt(perGroup * 9))
    return graph.node(
      'Conv',
      [
        input,
        graph.floats(name, [CHANNELS, perGroup, 3, 3], weights),
        graph.floats(`${name}_bias`, [CHANNELS], seededFloats(CHANNELS, 2)),
      ],
      { kernel_shape: [3, 3], pads: [1, 1, 1, 1], ...attributes },
    )
  }
  const first = conv(graph.input('image', ['N', 3, SIDE, SIDE]), 'a', 3)
  const slopes = graph.floats('slopes', [CHANNELS, 1, 1], seededFloats(CHANNELS, 8))
  const second = conv(graph.node('PRelu', [first, slopes]), 'bc', CHANNELS)
  const third = graph.node('Relu', [conv(graph.node('Add', [first, second]), 'def', CHANNELS, { group: CHANNELS })])
  const flat = graph.node('Flatten', [third])
  const values = CHANNELS * SIDE * SIDE
  const matrix = graph.floats('matrix', [8, values], seededFloats(8 * values, 9))
  const bias = graph.floats('matrix_bias', [8], seededFloats(8, 4))
  graph.output('embedding', ['N', 8], graph.node('Gemm', [flat, matrix, bias], { transB: 1 }))
  return graph.build()
}

const image = (seed: number, count = 1) => ({
  data: seededFloats(count * 3 * SIDE * SIDE, seed),
  dims: [count, 3, SIDE, SIDE],
})

describe('a graph in integers', () => {
  const examples = Array.from({ length: 8 }, (_, i) => image(i + 100))

  it('answers nearly as the float32 graph, also for images it was not calibrated on and in batches', async () => {
    const model = rewritePrelu(network())
    const quantised = await quantiseGraph(model, examples, openNetwork)
    if (quantised === null) throw new Error('nothing was quantised')
    const [exact, quick] = await Promise.all(
      [model, quantised].map(async (graph) => (await runOnce(encoded(graph), [image(3, 2)]))[0]?.data ?? []),
    )
    const scale = Math.max(...(exact ?? []).map(Math.abs))
    const worst = Math.max(...(quick ?? []).map((value, i) => Math.abs(value - (exact?.[i] ?? Number.NaN))))
    expect(quick).toHaveLength(16)
    expect(worst / scale).toBeLessThan(0.05)
    // It is rounded, so it can't be the same graph.
    expect(worst).toBeGreaterThan(0)
  })

  it('holds its weights in a quarter of the bytes', async () => {
    const model = rewritePrelu(network())
    const quantised = await quantiseGraph(model, examples, openNetwork)
    if (quantised === null) throw new Error('nothing was quantised')
    expect(encoded(quantised).length).toBeLessThan(encoded(model).length * 0.5)
  })

  it('is not made where nothing can be in integers', async () => {
    const graph = createGraphBuilder('plain')
    graph.output('out', [1, 3, SIDE, SIDE], graph.node('Relu', [graph.input('image', [1, 3, SIDE, SIDE])]))
    expect(await quantiseGraph(graph.build(), examples, openNetwork)).toBeNull()
  })

  it('never has two products that overflow 16 bits together', () => {
    const { values, scales } = quantiseWeights(Float32Array.of(-3, 2.9, 0.1, 0, 0, 0), 2)
    expect([...values]).toEqual([-WEIGHT_MAX, 61, 2, 0, 0, 0])
    expect(scales[0]).toBeCloseTo(3 / WEIGHT_MAX)
    expect(2 * 255 * WEIGHT_MAX).toBeLessThan(2 ** 15)
  })
})
