import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Refusal } from '../../domain/errors.ts'
import { createGraphBuilder, type GraphBuilder } from '../onnx/graph-builder.ts'
import type { OnnxModel } from '../onnx/model.ts'
import { HWIO_TO_OIHW, permute } from './filters.ts'
import { floatWeight, readWeights, type Weight, WeightsGroup } from './weights.ts'

type Weights = ReadonlyMap<string, Weight>

/** A feature map inside the graph: its ONNX name, its channels and the side of its square plane. */
interface Features {
  readonly value: string
  readonly channels: number
  readonly side: number
}

const INPUT_SIDE = 150
const EMBEDDING_LENGTH = 128

/** The blocks after the stem in order; `down` halves the plane. */
const BLOCKS: readonly { name: string; down: boolean }[] = [
  ...['32_1', '32_2', '32_3'].map((name) => ({ name, down: false })),
  { name: '64_down', down: true },
  ...['64_1', '64_2', '64_3'].map((name) => ({ name, down: false })),
  { name: '128_down', down: true },
  ...['128_1', '128_2'].map((name) => ({ name, down: false })),
  { name: '256_down', down: true },
  ...['256_1', '256_2'].map((name) => ({ name, down: false })),
  { name: '256_down_out', down: true },
]

/**
 * dlib's face recognition ResNet (http://dlib.net/face_recognition.py.html) from the weights that face-api publishes.
 * Input `input` [N, 3, 150, 150], RGB planes, (x - (122.782, 117.001, 104.298)) / 255; output `embedding` [N, 128], not
 * normalised. The mean stays outside: folded into a padded convolution it would change the border.
 * @param manifest the JSON text of the weights manifest
 * @param file the weights that it describes
 * @throws Refusal `model-refused` where they are not this network's
 */
export function convertDlibResnet(manifest: string, file: Uint8Array): OnnxModel {
  const groups: unknown = JSON.parse(manifest)
  if (!Value.Check(Type.Array(WeightsGroup), groups)) {
    throw new Refusal('model-refused', { reason: 'is not a weights manifest' })
  }
  const weights = readWeights(groups, file)
  const graph = createGraphBuilder('dlib-face-recognition-resnet')
  let features = stem(graph, weights)
  for (const block of BLOCKS) features = residual(graph, weights, features, block)
  const pooled = graph.node('ReduceMean', [features.value], { axes: [2, 3], keepdims: 0 })
  const fc = floatWeight(weights, 'fc')
  const matrix = graph.floats('fc.weight', fc.shape, fc.values)
  graph.output('embedding', ['N', EMBEDDING_LENGTH], graph.node('MatMul', [pooled, matrix]))
  return graph.build()
}

function stem(graph: GraphBuilder, weights: Weights): Features {
  const image = { value: graph.input('input', ['N', 3, INPUT_SIDE, INPUT_SIDE]), channels: 3, side: INPUT_SIDE }
  const features = relu(graph, convolution(graph, weights, image, 'conv32_down', { stride: 2, pad: 0 }))
  const value = graph.node('MaxPool', [features.value], { kernel_shape: [3, 3], strides: [2, 2] })
  return { ...features, value, side: Math.floor((features.side - 3) / 2) + 1 }
}

function residual(graph: GraphBuilder, weights: Weights, input: Features, block: (typeof BLOCKS)[number]): Features {
  const first = { stride: block.down ? 2 : 1, pad: block.down ? 0 : 1 }
  const inner = relu(graph, convolution(graph, weights, input, `conv${block.name}/conv1`, first))
  const branch = convolution(graph, weights, inner, `conv${block.name}/conv2`, { stride: 1, pad: 1 })
  if (!block.down) return relu(graph, { ...branch, value: graph.node('Add', [branch.value, input.value]) })

  const pooled = graph.node('AveragePool', [input.value], { kernel_shape: [2, 2], strides: [2, 2] })
  const side = Math.floor(input.side / 2)
  // Zero channels and a zero row and column at the end bring the two branches to one shape.
  const shortcut = padEnd(graph, pooled, branch.channels - input.channels, 0)
  const widened = padEnd(graph, branch.value, 0, side - branch.side)
  return relu(graph, { value: graph.node('Add', [widened, shortcut]), channels: branch.channels, side })
}

function padEnd(graph: GraphBuilder, value: string, channels: number, rowsAndColumns: number): string {
  if (channels === 0 && rowsAndColumns === 0) return value
  const amounts = graph.integers(`${value}.pads`, [0, 0, 0, 0, 0, channels, rowsAndColumns, rowsAndColumns])
  return graph.node('Pad', [value, amounts])
}

/** Convolution and bias, then dlib's affine layer (`scale`), which folds into both. */
function convolution(
  graph: GraphBuilder,
  weights: Weights,
  input: Features,
  layer: string,
  { stride, pad }: { stride: number; pad: number },
): Features {
  const filters = floatWeight(weights, `${layer}/conv/filters`)
  const bias = floatWeight(weights, `${layer}/conv/bias`).values
  const scale = floatWeight(weights, `${layer}/scale/weights`).values
  const shift = floatWeight(weights, `${layer}/scale/biases`).values
  const [kernel = 0, , inputChannels = 0, channels = 0] = filters.shape
  if (inputChannels !== input.channels) {
    throw new Refusal('model-refused', { reason: `${layer} takes ${inputChannels} channels, not ${input.channels}` })
  }
  const folded = permute(filters.values, filters.shape, HWIO_TO_OIHW)
  const perChannel = folded.length / channels
  for (let channel = 0; channel < channels; channel++) {
    const factor = scale[channel] ?? 0
    const end = (channel + 1) * perChannel
    for (let i = channel * perChannel; i < end; i++) folded[i] = (folded[i] ?? 0) * factor
  }
  const foldedBias = bias.map((value, channel) => value * (scale[channel] ?? 0) + (shift[channel] ?? 0))
  const value = graph.node(
    'Conv',
    [
      input.value,
      graph.floats(`${layer}.weight`, [channels, inputChannels, kernel, kernel], folded),
      graph.floats(`${layer}.bias`, [channels], foldedBias),
    ],
    { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] },
  )
  return { value, channels, side: Math.floor((input.side + 2 * pad - kernel) / stride) + 1 }
}

function relu(graph: GraphBuilder, features: Features): Features {
  return { ...features, value: graph.node('Relu', [features.value]) }
}
