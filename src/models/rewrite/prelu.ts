import { constantsOf, nameGiver, producersOf, withoutUnusedWeights } from '../onnx/graph-index.ts'
import {
  ATTRIBUTE_TYPE,
  int64ToNumber,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from '../onnx/model.ts'
import { floatTensor, readFloatTensor } from '../onnx/tensor-values.ts'

/** Values looked at to learn that one is a stack of channels; a network has a convolution much nearer. */
const VALUES_SEARCHED_MAX = 64
const SUMS = new Set(['Add', 'Sum'])
/** Operators of one input whose output has its channels. */
const KEEPS_CHANNELS = new Set([
  'AveragePool',
  'BatchNormalization',
  'Clip',
  'Identity',
  'LeakyRelu',
  'MaxPool',
  'PRelu',
  'Relu',
])

/**
 * Writes each PRelu in operators that ONNX Runtime has in its blocked layout for CPUs; it has none for PRelu, so each of
 * them costs two changes of layout. With one slope a channel, x + (1 - slope) × Relu(-x), the products as depthwise
 * 1×1 convolutions, into which Relu and sum are fused; with one slope in all, LeakyRelu. A positive value stays as it is
 * to the last bit, a negative one gets the rounding error of a sum. What has no such form is left alone.
 *
 * @param model stays as it is
 */
export function rewritePrelu(model: OnnxModel): OnnxModel {
  const { graph } = model
  if (!graph?.node.some(isPrelu)) return model
  const known: KnownGraph = { constants: constantsOf(graph), producers: producersOf(graph) }
  const written: OnnxGraph = { ...graph, node: [], initializer: [...graph.initializer] }
  const newName = nameGiver(graph)
  for (const node of graph.node) {
    const slope = isPrelu(node) ? slopeOf(known, node) : null
    if (slope === null) written.node.push(node)
    else if (slope.length === 1) written.node.push(leakyRelu(node, slope[0] ?? 0))
    else writePerChannel(written, newName, node, slope)
  }
  return { ...model, graph: withoutUnusedWeights(written, graph) }
}

interface KnownGraph {
  readonly constants: ReadonlyMap<string, OnnxTensor>
  readonly producers: ReadonlyMap<string, OnnxNode>
}

function isPrelu({ opType, domain = '' }: OnnxNode): boolean {
  return opType === 'PRelu' && domain === ''
}

/** One value, or one per channel of a value that is known to be [N, C, H, W]; null where it is neither. */
function slopeOf(known: KnownGraph, node: OnnxNode): Float32Array | null {
  const tensor = known.constants.get(node.input[1] ?? '')
  const slope = tensor === undefined ? null : readFloatTensor(tensor)
  if (slope === null) return null
  if (slope.values.length === 1) return slope.values
  const [channels, height, width] = slope.dims.slice(-3)
  const perChannel = channels === slope.values.length && height === 1 && width === 1
  return perChannel && channels === channelsOf(known, node.input[0] ?? '') ? slope.values : null
}

/**
 * Channels of a value that a two-dimensional convolution made, perhaps some steps before; null where none is found. Both
 * sides of a sum have the same, or one of them is spread over the other's.
 */
function channelsOf({ constants, producers }: KnownGraph, value: string): number | null {
  const searched = [value]
  for (const name of searched) {
    const producer = producers.get(name)
    if (producer?.opType === 'Conv') {
      const [channels, ...filter] = constants.get(producer.input[1] ?? '')?.dims ?? []
      return channels !== undefined && filter.length === 3 ? int64ToNumber(channels) : null
    }
    if (producer === undefined || searched.length > VALUES_SEARCHED_MAX) continue
    if (SUMS.has(producer.opType)) searched.push(...producer.input)
    else if (KEEPS_CHANNELS.has(producer.opType)) searched.push(producer.input[0] ?? '')
  }
  return null
}

function leakyRelu({ name, input, output }: OnnxNode, slope: number): OnnxNode {
  const alpha: OnnxAttribute = { name: 'alpha', type: ATTRIBUTE_TYPE.float, f: slope }
  return { name, opType: 'LeakyRelu', input: input.slice(0, 1), output, attribute: [alpha] }
}

function writePerChannel(
  graph: OnnxGraph,
  newName: (wanted: string) => string,
  prelu: OnnxNode,
  slope: Float32Array,
): void {
  const [value = ''] = prelu.input
  const [result = ''] = prelu.output
  const add = (opType: string, part: string, input: string[], attribute: OnnxAttribute[] = []): string => {
    const name = newName(`${result}_${part}`)
    graph.node.push({ name, opType, input, output: [name], attribute })
    return name
  }
  const multiply = (part: string, input: string, factors: Float32Array): string => {
    const weight = newName(`${result}_${part}_factors`)
    graph.initializer.push(floatTensor(weight, [factors.length, 1, 1, 1], factors))
    return add(
      'Conv',
      part,
      [input, weight],
      [
        { name: 'group', type: ATTRIBUTE_TYPE.int, i: factors.length },
        { name: 'kernel_shape', type: ATTRIBUTE_TYPE.ints, ints: [1, 1] },
      ],
    )
  }
  const negated = multiply('negated', value, new Float32Array(slope.length).fill(-1))
  const negativePart = add('Relu', 'negative_part', [negated])
  const lift = multiply(
    'lift',
    negativePart,
    slope.map((a) => 1 - a),
  )
  graph.node.push({ name: prelu.name, opType: 'Add', input: [lift, value], output: prelu.output, attribute: [] })
}
