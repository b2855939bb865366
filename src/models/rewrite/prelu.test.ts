import { describe, expect, it } from 'vitest'
import { seededFloats } from '../../../test/models/small-models.ts'
import { runOnce } from '../../extraction/inference/network.ts'
import { readTfjsModel } from '../convert/tfjs-model.ts'
import { convertTfjsModel } from '../convert/tfjs-to-onnx.ts'
import { readNetworkSources } from '../default-pack/sources.ts'
import { createOnnxCodec } from '../onnx/codec.ts'
import { createGraphBuilder, type GraphBuilder } from '../onnx/graph-builder.ts'
import { DATA_TYPE, type OnnxModel } from '../onnx/model.ts'
import { rewritePrelu } from './prelu.ts'

const CHANNELS = 16
const SIDE = 9
/** Largest difference, as a share of the largest value: some roundings of float32. */
const TOLERANCE = 1e-5
/** Below 0, between 0 and 1, and above 1. */
const SLOPES = seededFloats(CHANNELS, 3).map((value) => value * 2.5)

function conv(graph: GraphBuilder, input: string, name: string, pad: number, inputs = CHANNELS): string {
  const weight = graph.floats(name, [CHANNELS, inputs, 3, 3], seededFloats(CHANNELS * inputs * 9, name.length))
  const bias = graph.floats(`${name}_bias`, [CHANNELS], seededFloats(CHANNELS, 5))
  return graph.node('Conv', [input, weight, bias], { kernel_shape: [3, 3], pads: [pad, pad, pad, pad] })
}

/** A convolution, a PRelu, and what the case does with it. */
function modelWith(
  slope: { dims: readonly number[]; values: Float32Array },
  rest: (graph: GraphBuilder, activated: string, before: string) => string,
): OnnxModel {
  const graph = createGraphBuilder('prelu')
  const image = graph.input('image', ['N', 3, SIDE, SIDE])
  const before = conv(graph, image, 'first', 1, 3)
  const slopes = graph.floats('slope', slope.dims, slope.values)
  graph.output('out', ['N', CHANNELS, 'height', 'width'], rest(graph, graph.node('PRelu', [before, slopes]), before))
  return graph.build()
}

const perChannel = { dims: [CHANNELS, 1, 1], values: SLOPES }

async function answers(model: OnnxModel, dims = [2, 3, SIDE, SIDE]): Promise<Float32Array[]> {
  const data = seededFloats(
    dims.reduce((product, size) => product * size, 1),
    11,
  )
  return (await runOnce(createOnnxCodec().encode(model), [{ data, dims }])).map((output) => output.data)
}

/** @param scale what differences are a share of, where an output's largest value is less */
async function expectSameAnswers(model: OnnxModel, rewritten: OnnxModel, dims?: number[], scale = 0): Promise<void> {
  const [expected, actual] = [await answers(model, dims), await answers(rewritten, dims)]
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length))
  actual.forEach((values, output) => {
    const wanted = expected[output] ?? new Float32Array()
    const largest = wanted.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    const worst = values.reduce((max, value, i) => Math.max(max, Math.abs(value - (wanted[i] ?? Number.NaN))), 0)
    expect(largest).toBeGreaterThan(0)
    expect(worst / Math.max(scale, largest)).toBeLessThan(TOLERANCE)
  })
}

const operators = ({ graph }: OnnxModel) => graph?.node.map(({ opType }) => opType) ?? []

describe('PRelu in other operators answers the same', () => {
  it.each<[string, OnnxModel]>([
    ['at the end', modelWith(perChannel, (_, activated) => activated)],
    ['with its slopes in four dimensions', modelWith({ dims: [1, CHANNELS, 1, 1], values: SLOPES }, (_, a) => a)],
    ['before a padded convolution', modelWith(perChannel, (graph, a) => conv(graph, a, 'second', 1))],
    ['before an unpadded convolution', modelWith(perChannel, (graph, a) => conv(graph, a, 'second', 0))],
    ['before a sum', modelWith(perChannel, (graph, a, before) => graph.node('Add', [before, a]))],
    [
      'with two consumers',
      modelWith(perChannel, (graph, a) => graph.node('Add', [conv(graph, a, 'left', 1), conv(graph, a, 'right-', 1)])),
    ],
    [
      'after a sum and a pooling',
      modelWith(perChannel, (graph, a, before) => {
        const pooled = graph.node('MaxPool', [graph.node('Add', [a, before])], { kernel_shape: [2, 2] })
        return graph.node('PRelu', [pooled, graph.floats('other', [CHANNELS, 1, 1], SLOPES.toReversed())])
      }),
    ],
    ['with one slope for all', modelWith({ dims: [1], values: new Float32Array([0.3]) }, (_, a) => a)],
    ['with one slope above 1', modelWith({ dims: [1, 1, 1], values: new Float32Array([1.5]) }, (_, a) => a)],
  ])('%s', async (_, model) => {
    const rewritten = rewritePrelu(model)
    expect(operators(rewritten)).not.toContain('PRelu')
    expect(rewritten.graph?.initializer.map(({ name }) => name)).not.toContain('slope')
    await expectSameAnswers(model, rewritten)
    // The same after a way through a file, and of a model that came out of one.
    const codec = createOnnxCodec()
    await expectSameAnswers(model, rewritePrelu(codec.decode(codec.encode(model))))
  })

  it('in a file of the old kind, which lists weights among its inputs', async () => {
    const model = modelWith(perChannel, (_, a) => a)
    model.irVersion = 3
    for (const { name, dims } of model.graph?.initializer ?? []) {
      const dim = dims.map((dimValue) => ({ dimValue }))
      model.graph?.input.push({ name, type: { tensorType: { elemType: DATA_TYPE.float, shape: { dim } } } })
    }
    const rewritten = rewritePrelu(model)
    expect(rewritten.graph?.input.map(({ name }) => name)).toEqual(['image', 'first', 'first_bias'])
    await expectSameAnswers(model, rewritten)
  })

  it('in the default pack, where 28 were', async () => {
    const source = (await readNetworkSources()).find(({ network }) => network === 'facemesh')
    if (source === undefined) throw new Error('facemesh is not among the sources')
    const model = convertTfjsModel('facemesh', readTfjsModel(source.description, source.weights))
    expect(operators(model).filter((operator) => operator === 'PRelu')).toHaveLength(28)
    const rewritten = rewritePrelu(model)
    expect(operators(rewritten)).not.toContain('PRelu')
    // One of its outputs is a probability, and next to nothing for an image of noise.
    await expectSameAnswers(model, rewritten, [1, 192, 192, 3], 1)
  })
})

describe('PRelu is left alone', () => {
  it('where its slopes are computed, or not one per channel', () => {
    const computed = createGraphBuilder('computed')
    const image = computed.input('image', [1, 3, SIDE, SIDE])
    const before = conv(computed, image, 'first', 1, 3)
    const slopes = computed.node('Relu', [computed.floats('slope', [CHANNELS, 1, 1], SLOPES)])
    computed.output('out', [1, CHANNELS, SIDE, SIDE], computed.node('PRelu', [before, slopes]))
    const everywhere = { dims: [CHANNELS, SIDE, SIDE], values: seededFloats(CHANNELS * SIDE * SIDE, 3) }
    for (const model of [computed.build(), modelWith(everywhere, (_, a) => a)]) {
      expect(operators(rewritePrelu(model))).toEqual(operators(model))
    }
  })

  it('where nothing says that its input is a stack of channels', () => {
    const graph = createGraphBuilder('sequence')
    const value = graph.input('sequence', [CHANNELS, 1, 3])
    graph.output('out', [CHANNELS, 1, 3], graph.node('PRelu', [value, graph.floats('slope', [CHANNELS, 1, 1], SLOPES)]))
    expect(operators(rewritePrelu(graph.build()))).toEqual(['PRelu', 'Identity'])
  })

  it('and a model without one is the same object', () => {
    const graph = createGraphBuilder('plain')
    graph.output('out', [1, CHANNELS, SIDE, SIDE], conv(graph, graph.input('image', [1, 3, SIDE, SIDE]), 'first', 1, 3))
    const model = graph.build()
    expect(rewritePrelu(model)).toBe(model)
  })
})
