import { Refusal } from '../../../domain/errors.ts'
import { createGraphBuilder, type GraphBuilder } from '../../onnx/graph-builder.ts'
import type { OnnxModel } from '../../onnx/model.ts'
import { affineOf, type StateDict, weight } from './batch-norm.ts'

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
export function convertIresnet(state: StateDict): ConvertedIresnet {
  const depths = STAGE_CHANNELS.map((_, stage) => blocksOf(state, stage + 1))
  const network = KNOWN_DEPTHS.get(depths.join())
  if (network === undefined)
    throw new Refusal('model-refused', {
      reason: `is no iresnet18, 34, 50 or 100 of arcface_torch (blocks: ${depths.join(', ')})`,
    })
  const graph = createGraphBuilder(network)
  const used = new Set<string>()
  const tracked = trackReads(state, used)
  const image = graph.input('input', ['N', 3, IRESNET_INPUT_SIDE, IRESNET_INPUT_SIDE])
  const stem = convolution(graph, tracked, image, { conv: 'conv1', bn: 'bn1', channels: [3, 64], kernel: 3, stride: 1 })
  let features = prelu(graph, tracked, stem, 'prelu', 64)
  let channels = 64
  STAGE_CHANNELS.forEach((outChannels, stage) => {
    for (let block = 0; block < (depths[stage] ?? 0); block++) {
      const stride = block === 0 ? 2 : 1
      features = residual(graph, tracked, features, {
        name: `layer${stage + 1}.${block}`,
        channels,
        outChannels,
        stride,
      })
      channels = outChannels
    }
  })
  graph.output('embedding', ['N', IRESNET_DIMENSION], embedding(graph, tracked, features))
  refuseUnused(state, used)
  return { model: graph.build(), network }
}

function blocksOf(state: StateDict, stage: number): number {
  let blocks = 0
  while (state.has(`layer${stage}.${blocks}.conv1.weight`)) blocks++
  return blocks
}

/** Notes every tensor that was read, so that weights which this network has no place for are noticed. */
function trackReads(state: StateDict, used: Set<string>): StateDict {
  const tracked = new Map(state)
  tracked.get = (name) => {
    used.add(name)
    return state.get(name)
  }
  return tracked
}

function refuseUnused(state: StateDict, used: ReadonlySet<string>): void {
  const unused = [...state.keys()].filter((name) => !used.has(name) && !name.endsWith('.num_batches_tracked'))
  if (unused.length > 0)
    throw new Refusal('model-refused', {
      reason: `has weights that iresnet has no place for: ${unused.slice(0, 3).join(', ')}`,
    })
}

interface BlockShape {
  readonly name: string
  readonly channels: number
  readonly outChannels: number
  readonly stride: number
}

function residual(graph: GraphBuilder, state: StateDict, input: string, block: BlockShape): string {
  const { name, channels, outChannels, stride } = block
  const normalised = graph.node('BatchNormalization', [input, ...batchNormParts(graph, state, `${name}.bn1`, channels)])
  const first = convolution(graph, state, normalised, {
    conv: `${name}.conv1`,
    bn: `${name}.bn2`,
    channels: [channels, outChannels],
    kernel: 3,
    stride: 1,
  })
  const activated = prelu(graph, state, first, `${name}.prelu`, outChannels)
  const branch = convolution(graph, state, activated, {
    conv: `${name}.conv2`,
    bn: `${name}.bn3`,
    channels: [outChannels, outChannels],
    kernel: 3,
    stride,
  })
  const shortcut = state.has(`${name}.downsample.0.weight`)
    ? convolution(graph, state, input, {
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
function batchNormParts(graph: GraphBuilder, state: StateDict, layer: string, channels: number): string[] {
  return ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
    graph.floats(`${layer}.${part}`, [channels], weight(state, `${layer}.${part}`, [channels])),
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

function convolution(graph: GraphBuilder, state: StateDict, input: string, shape: ConvolutionShape): string {
  const { conv, bn, kernel, stride } = shape
  const [inChannels, outChannels] = shape.channels
  const dimensions = [outChannels, inChannels, kernel, kernel]
  const { scale, shift } = affineOf(state, bn, outChannels)
  const perChannel = inChannels * kernel * kernel
  const folded = weight(state, `${conv}.weight`, dimensions).map(
    (value, index) => value * (scale[Math.floor(index / perChannel)] ?? 0),
  )
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

function prelu(graph: GraphBuilder, state: StateDict, input: string, layer: string, channels: number): string {
  const slopes = graph.floats(`${layer}.weight`, [channels, 1, 1], weight(state, `${layer}.weight`, [channels]))
  return graph.node('PRelu', [input, slopes])
}

/** bn2, flatten, fc and features (also a batch normalisation) as one matrix product. */
function embedding(graph: GraphBuilder, state: StateDict, features: string): string {
  const [channels, plane] = [STAGE_CHANNELS[3], LAST_SIDE * LAST_SIDE]
  const inputs = channels * plane
  const before = affineOf(state, 'bn2', channels)
  const after = affineOf(state, 'features', IRESNET_DIMENSION)
  const matrix = weight(state, 'fc.weight', [IRESNET_DIMENSION, inputs])
  const bias = weight(state, 'fc.bias', [IRESNET_DIMENSION])
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
