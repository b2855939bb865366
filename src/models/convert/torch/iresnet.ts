import { Refusal } from '../../../domain/errors.ts'
import { createGraphBuilder, type GraphBuilder } from '../../onnx/graph-builder.ts'
import type { OnnxModel } from '../../onnx/model.ts'
import { StateWeights } from './state-weights.ts'
import type { TorchTensor } from './tensor.ts'

export const IRESNET_INPUT_SIDE = 112
export const IRESNET_DIMENSION = 512

const STAGE_CHANNELS = [64, 128, 256, 512] as const
const LAST_SIDE = 7
const KNOWN_DEPTHS: ReadonlyMap<string, string> = new Map([
  ['2,2,2,2', 'iresnet18'],
  ['3,4,6,3', 'iresnet34'],
  ['3,4,14,3', 'iresnet50'],
  ['3,13,30,3', 'iresnet100'],
])

export interface ConvertedIresnet {
  readonly model: OnnxModel
  /** iresnet18, 34, 50 or 100. */
  readonly network: string
}

/**
 * arcface_torch's iresnet (github.com/deepinsight/insightface, recognition/arcface_torch/backbones/iresnet.py) from its
 * state_dict. Input `input` [N, 3, 112, 112], RGB planes, (x - 127.5) / 127.5; output `embedding` [N, 512], not
 * normalised. Every batch normalisation that follows a convolution or that stands before the last, unpadded product is
 * folded into it; `bn1` of a block stands before a padded convolution, where folding would change the border.
 * @throws Refusal `model-refused` where the weights are not such a network's
 */
export function convertIresnet(state: ReadonlyMap<string, TorchTensor>): ConvertedIresnet {
  const weights = new StateWeights(state)
  const depths = STAGE_CHANNELS.map((_, stage) => blocksOf(weights, stage + 1))
  const network = KNOWN_DEPTHS.get(depths.join())
  if (network === undefined)
    throw new Refusal('model-refused', {
      reason: `is no iresnet18, 34, 50 or 100 of arcface_torch (blocks: ${depths.join(', ')})`,
    })
  const graph = createGraphBuilder(network)
  const image = graph.input('input', ['N', 3, IRESNET_INPUT_SIDE, IRESNET_INPUT_SIDE])
  const stem = convolution(graph, weights, image, { conv: 'conv1', bn: 'bn1', channels: [3, 64], kernel: 3, stride: 1 })
  let features = prelu(graph, weights, stem, 'prelu', 64)
  let channels = 64
  STAGE_CHANNELS.forEach((outChannels, stage) => {
    for (let block = 0; block < (depths[stage] ?? 0); block++) {
      const stride = block === 0 ? 2 : 1
      features = residual(graph, weights, features, {
        name: `layer${stage + 1}.${block}`,
        channels,
        outChannels,
        stride,
      })
      channels = outChannels
    }
  })
  graph.output('embedding', ['N', IRESNET_DIMENSION], embedding(graph, weights, features))
  const unused = weights.unused()
  if (unused.length > 0)
    throw new Refusal('model-refused', { reason: `has weights that iresnet lacks: ${unused.slice(0, 3).join(', ')}` })
  return { model: graph.build(), network }
}

function blocksOf(weights: StateWeights, stage: number): number {
  let blocks = 0
  while (weights.has(`layer${stage}.${blocks}.conv1.weight`)) blocks++
  return blocks
}

interface BlockShape {
  readonly name: string
  readonly channels: number
  readonly outChannels: number
  readonly stride: number
}

function residual(graph: GraphBuilder, weights: StateWeights, input: string, block: BlockShape): string {
  const { name, channels, outChannels, stride } = block
  const normalised = graph.node('BatchNormalization', [
    input,
    ...batchNormParts(graph, weights, `${name}.bn1`, channels),
  ])
  const first = convolution(graph, weights, normalised, {
    conv: `${name}.conv1`,
    bn: `${name}.bn2`,
    channels: [channels, outChannels],
    kernel: 3,
    stride: 1,
  })
  const activated = prelu(graph, weights, first, `${name}.prelu`, outChannels)
  const branch = convolution(graph, weights, activated, {
    conv: `${name}.conv2`,
    bn: `${name}.bn3`,
    channels: [outChannels, outChannels],
    kernel: 3,
    stride,
  })
  // arcface_torch projects where the shape changes, and only there.
  const shortcut =
    stride > 1
      ? convolution(graph, weights, input, {
          conv: `${name}.downsample.0`,
          bn: `${name}.downsample.1`,
          channels: [channels, outChannels],
          kernel: 1,
          stride,
        })
      : input
  return graph.node('Add', [branch, shortcut])
}

/** The operator's default epsilon is PyTorch's. */
function batchNormParts(graph: GraphBuilder, weights: StateWeights, layer: string, channels: number): string[] {
  return ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
    graph.floats(`${layer}.${part}`, [channels], weights.floats(`${layer}.${part}`, [channels])),
  )
}

interface ConvolutionShape {
  readonly conv: string
  /** The batch normalisation that follows it, and is folded into it. */
  readonly bn: string
  readonly channels: readonly [input: number, output: number]
  readonly kernel: 1 | 3
  readonly stride: number
}

function convolution(graph: GraphBuilder, weights: StateWeights, input: string, shape: ConvolutionShape): string {
  const { conv, bn, kernel, stride } = shape
  const [inChannels, outChannels] = shape.channels
  const dimensions = [outChannels, inChannels, kernel, kernel]
  const { scale, shift } = weights.affine(bn, outChannels)
  const perChannel = inChannels * kernel * kernel
  const folded = weights.floats(`${conv}.weight`, dimensions).slice()
  for (let channel = 0; channel < outChannels; channel++) {
    const factor = scale[channel] ?? 0
    const [begin, end] = [channel * perChannel, (channel + 1) * perChannel]
    for (let i = begin; i < end; i++) folded[i] = (folded[i] ?? 0) * factor
  }
  const pad = kernel === 3 ? 1 : 0
  return graph.node(
    'Conv',
    [
      input,
      graph.floats(`${conv}.weight`, dimensions, folded),
      graph.floats(`${conv}.bias`, [outChannels], Float32Array.from(shift)),
    ],
    { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] },
  )
}

function prelu(graph: GraphBuilder, weights: StateWeights, input: string, layer: string, channels: number): string {
  const slopes = graph.floats(`${layer}.weight`, [channels, 1, 1], weights.floats(`${layer}.weight`, [channels]))
  return graph.node('PRelu', [input, slopes])
}

/** bn2, flatten, fc and features (also a batch normalisation) as one matrix product. */
function embedding(graph: GraphBuilder, weights: StateWeights, features: string): string {
  const [channels, plane] = [STAGE_CHANNELS[3], LAST_SIDE * LAST_SIDE]
  const inputs = channels * plane
  const before = weights.affine('bn2', channels)
  const after = weights.affine('features', IRESNET_DIMENSION)
  const matrix = weights.floats('fc.weight', [IRESNET_DIMENSION, inputs])
  const bias = weights.floats('fc.bias', [IRESNET_DIMENSION])
  const folded = new Float32Array(matrix.length)
  const foldedBias = new Float32Array(IRESNET_DIMENSION)
  for (let row = 0; row < IRESNET_DIMENSION; row++) {
    const gain = after.scale[row] ?? 0
    let constant = bias[row] ?? 0
    for (let column = 0; column < inputs; column++) {
      const channel = Math.floor(column / plane)
      const value = matrix[row * inputs + column] ?? 0
      constant += value * (before.shift[channel] ?? 0)
      folded[row * inputs + column] = value * (before.scale[channel] ?? 0) * gain
    }
    foldedBias[row] = constant * gain + (after.shift[row] ?? 0)
  }
  const parts = [
    graph.node('Flatten', [features]),
    graph.floats('fc.weight', [IRESNET_DIMENSION, inputs], folded),
    graph.floats('fc.bias', [IRESNET_DIMENSION], foldedBias),
  ]
  return graph.node('Gemm', parts, { transB: 1 })
}
