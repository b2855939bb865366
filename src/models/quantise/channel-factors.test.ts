import { describe, expect, it } from 'vitest'
import { encoded, seededFloats } from '../../../test/models/small-models.ts'
import { openNetwork, runOnce } from '../../extraction/inference/network.ts'
import { createGraphBuilder } from '../onnx/graph-builder.ts'
import type { OnnxModel } from '../onnx/model.ts'
import { rewritePrelu } from '../rewrite/prelu.ts'
import { mergeChannelFactors } from './channel-factors.ts'
import { quantiseGraph } from './quantise-graph.ts'

const SIDE = 6
const CHANNELS = 8
const image = { data: seededFloats(3 * SIDE * SIDE, 1), dims: [1, 3, SIDE, SIDE] }

/** A convolution, a PRelu of these slopes, a normalisation, a convolution. */
function network(slopes: Float32Array, { normaliseSum = false, factor = 1 } = {}): OnnxModel {
  const graph = createGraphBuilder('factors')
  const conv = (input: string, name: string, inputs: number) =>
    graph.node('Conv', [input, graph.floats(name, [CHANNELS, inputs, 1, 1], seededFloats(CHANNELS * inputs, 3))])
  const first = conv(graph.input('image', ['N', 3, SIDE, SIDE]), 'first', 3)
  const active = graph.node('PRelu', [first, graph.floats('slopes', [CHANNELS, 1, 1], slopes)])
  const before = normaliseSum
    ? graph.node('Add', [conv(active, 'second', CHANNELS), active])
    : conv(active, 'second', CHANNELS)
  const each = (name: string, value: (channel: number) => number) =>
    graph.floats(
      name,
      [CHANNELS],
      Float32Array.from({ length: CHANNELS }, (_, channel) => value(channel)),
    )
  const normalised = graph.node('BatchNormalization', [
    before,
    each('scale', (channel) => (channel - 3.5) * factor),
    each('shift', (channel) => 0.1 * channel),
    each('mean', (channel) => 0.2 - 0.1 * channel),
    each('variance', (channel) => 0.5 + channel),
  ])
  graph.output('out', ['N', CHANNELS, SIDE, SIDE], conv(normalised, 'third', CHANNELS))
  return rewritePrelu(graph.build())
}

const operators = ({ graph }: OnnxModel) =>
  (graph?.node ?? []).map(({ opType }) => opType).filter((name) => name !== 'Identity')
const merged = (model: OnnxModel): OnnxModel => ({
  ...model,
  graph: model.graph ? mergeChannelFactors(model.graph) : null,
})
const answer = async (model: OnnxModel) => (await runOnce(encoded(model), [image]))[0]?.data ?? new Float32Array()
const below1 = seededFloats(CHANNELS, 8).map((slope) => slope / 2)

function worstOf(found: Float32Array, expected: Float32Array): number {
  const scale = Math.max(...expected.map(Math.abs))
  return Math.max(...expected.map((value, i) => Math.abs(value - (found[i] ?? Number.NaN)))) / scale
}

describe('factors of channels', () => {
  it('are one convolution for a PRelu and one for a normalisation of what is rounded anyway', async () => {
    const model = network(below1)
    const plain = merged(model)
    expect(operators(model)).toEqual(['Conv', 'Conv', 'Relu', 'Conv', 'Add', 'Conv', 'BatchNormalization', 'Conv'])
    expect(operators(plain)).toEqual(['Conv', 'Conv', 'Relu', 'Add', 'Conv', 'Conv', 'Conv'])
    expect(worstOf(await answer(plain), await answer(model))).toBeLessThan(1e-5)
  })

  it('stay apart where a slope is above one', async () => {
    const model = network(below1.map((slope, channel) => (channel === 2 ? 1.5 : slope)))
    const plain = merged(model)
    expect(operators(plain)).toEqual(['Conv', 'Conv', 'Relu', 'Conv', 'Add', 'Conv', 'Conv', 'Conv'])
    expect(worstOf(await answer(plain), await answer(model))).toBeLessThan(1e-5)
  })

  it('are still the same function where three of them follow each other', async () => {
    const graph = createGraphBuilder('three')
    const multiply = (input: string, name: string, factor: number) =>
      graph.node('Conv', [input, graph.floats(name, [3, 1, 1, 1], Float32Array.of(factor, 2, 3))], { group: 3 })
    const first = graph.node('Relu', [multiply(graph.input('image', ['N', 3, SIDE, SIDE]), 'a', -1)])
    const second = graph.node('Relu', [multiply(first, 'b', 0.5)])
    graph.output('out', ['N', 3, SIDE, SIDE], multiply(second, 'c', 4))
    const model = graph.build()
    expect(worstOf(await answer(merged(model)), await answer(model))).toBeLessThan(1e-5)
  })

  it('stay a normalisation where a sum of floats goes in', () => {
    expect(operators(merged(network(below1, { normaliseSum: true })))).toContain('BatchNormalization')
  })

  it('hold an offset that is large beside its factor', async () => {
    const model = network(below1, { factor: 1e-9 })
    const quantised = await quantiseGraph(model, [image], openNetwork)
    if (quantised === null) throw new Error('nothing was quantised')
    expect(worstOf(await answer(quantised), await answer(model))).toBeLessThan(0.05)
  })
})
