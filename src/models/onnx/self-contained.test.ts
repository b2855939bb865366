import { describe, expect, it } from 'vitest'
import { encoded, smallDetector, smallRecogniser } from '../../../test/models/small-models.ts'
import { createOnnxCodec } from './codec.ts'
import { createGraphBuilder } from './graph-builder.ts'
import { ATTRIBUTE_TYPE, DATA_TYPE, type OnnxGraph, type OnnxModel, type OnnxTensor } from './model.ts'
import { checkSelfContained } from './self-contained.ts'

/** Through bytes, as a foreign file comes. */
function check(model: OnnxModel): void {
  checkSelfContained(createOnnxCodec().decode(encoded(model)))
}

function withGraph(change: (graph: OnnxGraph) => void): OnnxModel {
  const model = smallRecogniser()
  if (model.graph) change(model.graph)
  return model
}

const EXTERNAL: OnnxTensor = {
  name: 'w',
  dims: [2],
  dataType: DATA_TYPE.float,
  rawData: new Uint8Array(),
  dataLocation: 1,
  externalData: [{ key: 'location', value: '../../etc/passwd' }],
}

function emptyGraph(initializer: OnnxTensor[]): OnnxGraph {
  return { name: 'g', node: [], initializer, input: [], output: [] }
}

describe('a model is held to itself', () => {
  it('passes ordinary ones', () => {
    expect(() => check(smallRecogniser())).not.toThrow()
    expect(() => check(smallDetector())).not.toThrow()
  })

  it.each([
    ['among the weights', withGraph((graph) => graph.initializer.push(EXTERNAL))],
    ['named without being marked', withGraph((graph) => graph.initializer.push({ ...EXTERNAL, dataLocation: 0 }))],
    [
      'in a constant',
      withGraph((graph) => graph.node[0]?.attribute.push({ name: 'value', type: ATTRIBUTE_TYPE.tensor, t: EXTERNAL })),
    ],
    [
      'in a sub-graph',
      withGraph((graph) =>
        graph.node[0]?.attribute.push({ name: 'then', type: ATTRIBUTE_TYPE.graph, g: emptyGraph([EXTERNAL]) }),
      ),
    ],
    ['in a sparse weight', withGraph((graph) => (graph.sparseInitializer = [{ values: EXTERNAL, dims: [2] }]))],
  ])('refuses weights in another file %s', (_, model) => {
    expect(() => check(model)).toThrow(/keeps the weight .* in another file/)
  })

  it.each([[[65536, 65536]], [[2 ** 40]], [[-1]], [Array(60).fill(2)]])('refuses a weight of the shape %j', (dims) => {
    const tensor = { ...EXTERNAL, dims, dataLocation: 0, externalData: [] }
    expect(() => check(withGraph((graph) => graph.initializer.push(tensor)))).toThrow(/absurd shape/)
  })

  it('refuses absurd inputs, and tensors made out of nothing', () => {
    expect(() => check(smallDetector({ height: 2 ** 20, width: 2 ** 20 }))).toThrow(/absurd shape/)
    const graph = createGraphBuilder('bomb')
    graph.input('x', [1])
    graph.output('y', [1], graph.node('ConstantOfShape', [graph.integers('shape', [2 ** 20, 2 ** 20])]))
    expect(() => check(graph.build())).toThrow(/absurd shape/)
  })

  it('refuses what may never end, and what no pack needs', () => {
    const loop = { name: '', opType: 'Loop', input: [], output: [], attribute: [] }
    const inner = { ...emptyGraph([]), node: [loop] }
    const nested = { name: 'then', type: ATTRIBUTE_TYPE.graph, g: inner }
    expect(() => check(withGraph((graph) => graph.node.push(loop)))).toThrow(/a Loop, which may never end/)
    expect(() => check(withGraph((graph) => graph.node[0]?.attribute.push(nested)))).toThrow(/a Loop/)
    expect(() => check({ ...smallRecogniser(), functions: [{ name: 'f' }] })).toThrow(/functions of its own/)
    expect(() => check({ ...smallRecogniser(), trainingInfo: [{}] })).toThrow(/training graphs/)
  })

  it('refuses graphs nested without end', () => {
    let graph = emptyGraph([])
    for (let depth = 0; depth < 12; depth++) {
      const attribute = [{ name: 'then', type: ATTRIBUTE_TYPE.graph, g: graph }]
      graph = { ...emptyGraph([]), node: [{ name: '', opType: 'If', input: [], output: [], attribute }] }
    }
    const model = withGraph((outer) => outer.node.push(...graph.node))
    expect(() => check(model)).toThrow(/nests graphs too deeply/)
  })
})
