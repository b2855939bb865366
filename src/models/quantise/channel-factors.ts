import { constantsOf, nameGiver, producersOf, withoutUnusedWeights } from '../onnx/graph-index.ts'
import { ATTRIBUTE_TYPE, int64ToNumber, type OnnxGraph, type OnnxNode, type OnnxTensor } from '../onnx/model.ts'
import { floatTensor, readFloatTensor } from '../onnx/tensor-values.ts'
import { quantisedNodes } from './quantised-nodes.ts'

/** BatchNormalization's own where it names none. */
const EPSILON = 1e-5

/**
 * Writes what multiplies each channel by a factor of its own in the form that integers take least time for. In float32
 * it is the same function, but for rounding.
 *
 * - Factors on both sides of a Relu, the ones behind it not negative, are multiplied: a PRelu, as it is rewritten, costs
 *   one convolution then instead of two.
 * - A normalisation of what is rounded anyway becomes a depthwise convolution, or it would be computed in floats and in
 *   another layout between two convolutions of integers. One of what is not rounded stays: it would lose by it.
 *
 * @param graph stays as it is
 */
export function mergeChannelFactors(graph: OnnxGraph): OnnxGraph {
  return normalisationsAsProducts(factorsBeforeRelus(graph))
}

function factorsBeforeRelus(graph: OnnxGraph): OnnxGraph {
  const constants = constantsOf(graph)
  const producers = producersOf(graph)
  const uses = usesOf(graph)
  const newName = nameGiver(graph)
  const written: OnnxGraph = { ...graph, initializer: [...graph.initializer] }
  const replaced = new Map<OnnxNode, OnnxNode | null>()
  for (const node of graph.node) {
    const behind = factorsOf(node, constants)
    const relu = producers.get(node.input[0] ?? '')
    const before = relu?.opType === 'Relu' ? producers.get(relu.input[0] ?? '') : undefined
    const ahead = before === undefined ? null : factorsOf(before, constants)
    if (relu === undefined || before === undefined || behind === null || ahead === null) continue
    // What was merged already, as the middle one of three is, stays as it is.
    if (replaced.has(before) || behind.some((factor) => factor < 0)) continue
    if ([relu, before].some(({ output }) => uses.get(output[0] ?? '') !== 1)) continue
    const name = newName(`${before.output[0]}_factors`)
    const factors = ahead.map((factor, channel) => factor * (behind[channel] ?? 0))
    written.initializer.push(floatTensor(name, [factors.length, 1, 1, 1], factors))
    replaced.set(before, { ...before, input: [before.input[0] ?? '', name] })
    replaced.set(relu, { ...relu, output: node.output })
    replaced.set(node, null)
  }
  written.node = graph.node.flatMap((node) => replaced.get(node) ?? (replaced.has(node) ? [] : [node]))
  return withoutUnusedWeights(written, graph)
}

function normalisationsAsProducts(graph: OnnxGraph): OnnxGraph {
  const constants = constantsOf(graph)
  const rounded = new Set(
    [...quantisedNodes(graph).values()].flatMap(({ node, weights, input, output }) =>
      node.opType === 'Conv' && weights.dims.length === 4 ? [input, output] : [],
    ),
  )
  const newName = nameGiver(graph)
  const written: OnnxGraph = { ...graph, node: [], initializer: [...graph.initializer] }
  for (const node of graph.node) {
    const [input = ''] = node.input
    const line = rounded.has(input) ? lineOf(node, constants) : null
    if (line === null) {
      written.node.push(node)
      continue
    }
    const channels = line.factors.length
    const [weights, bias] = [newName(`${node.output[0]}_factors`), newName(`${node.output[0]}_offsets`)]
    written.initializer.push(floatTensor(weights, [channels, 1, 1, 1], line.factors))
    written.initializer.push(floatTensor(bias, [channels], line.offsets))
    const attribute = [
      { name: 'group', type: ATTRIBUTE_TYPE.int, i: channels },
      { name: 'kernel_shape', type: ATTRIBUTE_TYPE.ints, ints: [1, 1] },
    ]
    written.node.push({
      name: node.name,
      opType: 'Conv',
      input: [input, weights, bias],
      output: node.output,
      attribute,
    })
  }
  return withoutUnusedWeights(written, graph)
}

/** The factors of a depthwise 1×1 convolution that does nothing but multiply; null where a node is none. */
function factorsOf(node: OnnxNode, constants: ReadonlyMap<string, OnnxTensor>): Float32Array | null {
  if (node.opType !== 'Conv' || (node.domain ?? '') !== '' || node.input.length !== 2) return null
  const weights = floatsOf(constants, node.input[1])
  const [channels, perGroup, ...filter] = weights?.dims ?? []
  const isEach = perGroup === 1 && channels === integer(node, 'group', 1) && filter.every((side) => side === 1)
  const isPlain = ['strides', 'dilations'].every((name) => integers(node, name).every((value) => value === 1))
  const isUnpadded = integers(node, 'pads').every((value) => value === 0)
  return weights !== null && filter.length === 2 && isEach && isPlain && isUnpadded ? weights.values : null
}

/** A normalisation as factor × x + offset of each channel; null where a node is none, or has more answers. */
function lineOf(node: OnnxNode, constants: ReadonlyMap<string, OnnxTensor>) {
  const isNormalisation = node.opType === 'BatchNormalization' && (node.domain ?? '') === ''
  if (!isNormalisation || node.output.length !== 1 || integer(node, 'training_mode', 0) !== 0) return null
  const [scale, shift, mean, variance] = node.input.slice(1).map((name) => floatsOf(constants, name)?.values ?? null)
  if (!scale || !shift || !mean || !variance) return null
  const epsilon = node.attribute.find(({ name }) => name === 'epsilon')?.f ?? EPSILON
  const factors = scale.map((value, channel) => value / Math.sqrt((variance[channel] ?? 0) + epsilon))
  const offsets = shift.map((value, channel) => value - (mean[channel] ?? 0) * (factors[channel] ?? 0))
  return { factors, offsets }
}

/** How often each value is read, by nodes or as an answer. */
function usesOf(graph: OnnxGraph): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  for (const name of [...graph.node.flatMap(({ input }) => input), ...graph.output.map((answer) => answer.name)])
    uses.set(name, (uses.get(name) ?? 0) + 1)
  return uses
}

function floatsOf(constants: ReadonlyMap<string, OnnxTensor>, name: string | undefined) {
  const tensor = name === undefined ? undefined : constants.get(name)
  return tensor === undefined ? null : readFloatTensor(tensor)
}

function integer(node: OnnxNode, name: string, otherwise: number): number {
  const value = node.attribute.find((attribute) => attribute.name === name)?.i
  return value === undefined ? otherwise : int64ToNumber(value)
}

function integers(node: OnnxNode, name: string): number[] {
  return (node.attribute.find((attribute) => attribute.name === name)?.ints ?? []).map(int64ToNumber)
}
