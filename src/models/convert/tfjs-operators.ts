import { Refusal } from '../../domain/errors.ts'
import type { GraphBuilder } from '../onnx/graph-builder.ts'
import { HWIO_TO_OIHW, permute } from './filters.ts'
import { axisPadding } from './padding.ts'
import type { TfjsNode } from './tfjs-model.ts'
import { floatWeight, type Weight } from './weights.ts'

/**
 * A value inside the graph. `shape` is TensorFlow's without the batch: [height, width, channels] for images, which the
 * ONNX graph holds as NCHW; anything else for what a reshape made, which it holds as it is.
 */
export interface Activation {
  readonly value: string
  readonly shape: readonly number[]
}

interface Site {
  readonly graph: GraphBuilder
  readonly weights: ReadonlyMap<string, Weight>
  readonly node: TfjsNode
  /** The node's input by position, converted. */
  input(position: number): Activation
  /** The name of the node's input by position, for weights. */
  inputName(position: number): string
}

const OPERATORS: Readonly<Record<string, (site: Site) => Activation>> = {
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2dNative: depthwiseConvolution,
  AddV2: add,
  Relu: (site) => elementwise(site, 'Relu'),
  Sigmoid: (site) => elementwise(site, 'Sigmoid'),
  Prelu: (site) => prelu(site, site.input(0), site.inputName(1)),
  MaxPool: maxPool,
  Pad: padChannels,
  Reshape: reshape,
  Identity: (site) => site.input(0),
}

/** @throws Refusal `model-refused` where the operator, or this use of it, is not covered */
export function convertOperator(
  graph: GraphBuilder,
  weights: ReadonlyMap<string, Weight>,
  node: TfjsNode,
  convert: (nodeName: string) => Activation,
): Activation {
  const operator = Object.hasOwn(OPERATORS, node.op) ? OPERATORS[node.op] : undefined
  if (operator === undefined) throw refusal(node, 'is an operator that cannot be converted')
  const inputName = (position: number) => {
    const name = node.inputs[position]
    if (name === undefined) throw refusal(node, `has no input ${position}`)
    return name
  }
  return operator({ graph, weights, node, inputName, input: (position) => convert(inputName(position)) })
}

function refusal(node: TfjsNode, reason: string): Refusal {
  return new Refusal('model-refused', { reason: `node ${node.name} (${node.op}) ${reason}` })
}

function convolution(site: Site): Activation {
  const { graph, weights, node } = site
  const filters = floatWeight(weights, site.inputName(1))
  const [kernelHeight = 0, kernelWidth = 0, inputs = 0, outputs = 0] = filters.shape
  const ordered = permute(filters.values, filters.shape, HWIO_TO_OIHW)
  const fused = node.texts('fused_ops')
  const operands = [graph.floats(site.inputName(1), [outputs, inputs, kernelHeight, kernelWidth], ordered)]
  if (fused[0] === 'BiasAdd') {
    const bias = floatWeight(weights, site.inputName(2))
    operands.push(graph.floats(site.inputName(2), bias.shape, bias.values))
  }
  const result = slidingWindow(site, 'Conv', operands, [kernelHeight, kernelWidth], outputs, {})
  const activation = fused.slice(fused[0] === 'BiasAdd' ? 1 : 0)
  if (activation.length === 0) return result
  if (activation.length === 1 && activation[0] === 'Relu') {
    return { ...result, value: graph.node('Relu', [result.value]) }
  }
  if (activation.length === 1 && activation[0] === 'Prelu') return prelu(site, result, site.inputName(3))
  throw refusal(node, `fuses ${fused.join(', ')}`)
}

function depthwiseConvolution(site: Site): Activation {
  const filters = floatWeight(site.weights, site.inputName(1))
  const [kernelHeight = 0, kernelWidth = 0, channels = 0, multiplier = 0] = filters.shape
  const outputs = channels * multiplier
  const ordered = permute(filters.values, filters.shape, [2, 3, 0, 1])
  const operand = site.graph.floats(site.inputName(1), [outputs, 1, kernelHeight, kernelWidth], ordered)
  return slidingWindow(site, 'Conv', [operand], [kernelHeight, kernelWidth], outputs, { group: channels })
}

function maxPool(site: Site): Activation {
  const [, kernelHeight = 0, kernelWidth = 0] = site.node.numbers('ksize')
  return slidingWindow(site, 'MaxPool', [], [kernelHeight, kernelWidth], site.input(0).shape[2] ?? 0, {})
}

/** Whatever slides a kernel over the plane: its strides and TensorFlow's padding, written out for ONNX. */
function slidingWindow(
  site: Site,
  opType: string,
  operands: readonly string[],
  kernel: readonly [number, number],
  channels: number,
  attributes: Readonly<Record<string, number>>,
): Activation {
  const { node } = site
  const input = site.input(0)
  const [height = 0, width = 0] = input.shape
  const [, strideHeight = 1, strideWidth = 1] = node.numbers('strides')
  const padding = node.text('padding')
  if (padding !== 'SAME' && padding !== 'VALID') throw refusal(node, `has the padding ${padding}`)
  if (node.text('data_format') !== 'NHWC') throw refusal(node, 'is not NHWC')
  if (node.numbers('dilations').some((dilation) => dilation !== 1)) throw refusal(node, 'is dilated')
  const rows = axisPadding(padding, height, kernel[0], strideHeight)
  const columns = axisPadding(padding, width, kernel[1], strideWidth)
  const value = site.graph.node(opType, [input.value, ...operands], {
    ...attributes,
    kernel_shape: kernel,
    strides: [strideHeight, strideWidth],
    pads: [rows.before, columns.before, rows.after, columns.after],
  })
  return { value, shape: [rows.outputSize, columns.outputSize, channels] }
}

function prelu(site: Site, input: Activation, slopeName: string): Activation {
  const slope = floatWeight(site.weights, slopeName)
  const channels = slope.values.length
  if (channels !== input.shape[2]) throw refusal(site.node, 'has not one slope per channel')
  const operand = site.graph.floats(slopeName, [channels, 1, 1], slope.values)
  return { ...input, value: site.graph.node('PRelu', [input.value, operand]) }
}

function add(site: Site): Activation {
  const [a, b] = [site.input(0), site.input(1)]
  if (a.shape.join() !== b.shape.join()) throw refusal(site.node, 'adds different shapes')
  return { ...a, value: site.graph.node('Add', [a.value, b.value]) }
}

function elementwise(site: Site, opType: string): Activation {
  const input = site.input(0)
  return { ...input, value: site.graph.node(opType, [input.value]) }
}

function integersOf(site: Site, position: number): readonly number[] {
  const weight = site.weights.get(site.inputName(position))
  if (!(weight?.values instanceof Int32Array)) throw refusal(site.node, `has no constant input ${position}`)
  return [...weight.values]
}

function padChannels(site: Site): Activation {
  const input = site.input(0)
  const [height = 0, width = 0, channels = 0] = input.shape
  const [n0, n1, top, bottom, left, right, before = 0, after = 0] = integersOf(site, 1)
  if ([n0, n1, top, bottom, left, right].some((amount) => amount !== 0)) throw refusal(site.node, 'pads the plane')
  const amounts = site.graph.integers(site.inputName(1), [0, before, 0, 0, 0, after, 0, 0])
  const value = site.graph.node('Pad', [input.value, amounts])
  return { value, shape: [height, width, channels + before + after] }
}

function reshape(site: Site): Activation {
  const input = site.input(0)
  const [, ...shape] = integersOf(site, 1)
  const size = (sizes: readonly number[]) => sizes.reduce((product, length) => product * length, 1)
  if (input.shape.length !== 3 || size(shape) !== size(input.shape)) {
    throw refusal(site.node, 'moves values between the images of a batch')
  }
  const channelsLast = site.graph.node('Transpose', [input.value], { perm: [0, 2, 3, 1] })
  // 0 keeps the batch as it comes.
  const target = site.graph.integers(site.inputName(1), [0, ...shape])
  return { value: site.graph.node('Reshape', [channelsLast, target]), shape }
}
