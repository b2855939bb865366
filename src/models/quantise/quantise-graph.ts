import type { ModelTensor } from '../insightface/check-by-running.ts'
import { nameGiver, withoutUnusedWeights } from '../onnx/graph-index.ts'
import { ATTRIBUTE_TYPE, DATA_TYPE, int64ToNumber, type OnnxGraph, type OnnxModel } from '../onnx/model.ts'
import { rawTensor } from '../onnx/tensor-values.ts'
import { activationRanges, type ValueRange } from './activation-ranges.ts'
import { mergeChannelFactors } from './channel-factors.ts'
import { quantiseBias, quantiseWeights } from './quantise-weights.ts'
import { type QuantisedNode, quantisedNodes } from './quantised-nodes.ts'
import type { OpenModel } from './running-model.ts'

/** The first with one scale per channel. */
const OPSET_MIN = 13
const ACTIVATION_STEPS = 255
const SCALE_MIN = 1e-8
/** Half of what 32 bits hold; the products that a bias is added to need the rest. */
const BIAS_STEPS_MAX = 2 ** 30

/**
 * The same network with its convolutions and matrix products in integers: activations of 8 bits with one scale, weights
 * of 7 with one per channel (Jacob et al., "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference", 2018). It is written as rounding and its inverse around each of them, which ONNX
 * Runtime turns into operators on integers. Everything in between, the sums of residual networks above all, stays float.
 *
 * @param examples inputs such as the network is going to see
 * @returns null where the graph holds nothing that this covers
 */
export async function quantiseGraph(
  model: OnnxModel,
  examples: readonly ModelTensor[],
  openModel: OpenModel,
  onExample: () => void = () => {},
): Promise<OnnxModel | null> {
  if (!model.graph) return null
  const graph = mergeChannelFactors(model.graph)
  const quantised = quantisedNodes(graph)
  if (quantised.size === 0) return null
  const names = [...quantised.values()].flatMap(({ input, output }) => (output === null ? [input] : [input, output]))
  const ranges = await activationRanges({ ...model, graph }, [...new Set(names)], examples, openModel, onExample)
  const opsetImport = model.opsetImport.map((set) =>
    set.domain === '' ? { ...set, version: Math.max(OPSET_MIN, int64ToNumber(set.version)) } : set,
  )
  return { ...model, opsetImport, graph: rewritten(graph, quantised, ranges) }
}

function rewritten(
  graph: OnnxGraph,
  quantised: ReturnType<typeof quantisedNodes>,
  ranges: ReadonlyMap<string, ValueRange>,
): OnnxGraph {
  const writer = new RoundingWriter(graph, ranges)
  for (const { name } of graph.input) writer.round(name)
  for (const node of graph.node) {
    const product = quantised.get(node)
    const input = node.input.map((name) => writer.rounded(name))
    writer.graph.node.push({
      ...node,
      input: product === undefined ? input : writer.integers(product),
      attribute: node.attribute,
    })
    for (const name of node.output) writer.round(name)
  }
  return withoutUnusedWeights(writer.graph, graph)
}

/** Writes roundings into a new graph, each value's once, and knows what its rounded form is called. */
class RoundingWriter {
  readonly graph: OnnxGraph
  readonly #ranges: ReadonlyMap<string, ValueRange>
  readonly #newName: (wanted: string) => string
  readonly #rounded = new Map<string, { readonly name: string; readonly scale: number }>()

  constructor(graph: OnnxGraph, ranges: ReadonlyMap<string, ValueRange>) {
    this.graph = { ...graph, node: [], initializer: [...graph.initializer] }
    this.#ranges = ranges
    this.#newName = nameGiver(graph)
  }

  rounded(name: string): string {
    return this.#rounded.get(name)?.name ?? name
  }

  /** Nothing where the value has no range. */
  round(value: string): void {
    const range = this.#ranges.get(value)
    if (range === undefined) return
    const scale = Math.max(SCALE_MIN, Math.fround((range.high - range.low) / ACTIVATION_STEPS))
    const scaleName = this.#constant(`${value}_scale`, [], DATA_TYPE.float, Float32Array.of(scale))
    const zero = Math.max(0, Math.min(ACTIVATION_STEPS, Math.round(-range.low / scale)))
    const zeroName = this.#constant(`${value}_zero`, [], DATA_TYPE.uint8, Uint8Array.of(zero))
    const integers = this.#newName(`${value}_integers`)
    const name = this.#newName(`${value}_rounded`)
    const add = (opType: string, from: string, to: string) =>
      this.graph.node.push({ name: to, opType, input: [from, scaleName, zeroName], output: [to], attribute: [] })
    add('QuantizeLinear', value, integers)
    add('DequantizeLinear', integers, name)
    this.#rounded.set(value, { name, scale })
  }

  /** The inputs of a product: its activation, weights and bias, all rounded. */
  integers({ input, weights, bias, node }: QuantisedNode): string[] {
    const activation = this.#rounded.get(input)
    if (activation === undefined) throw new Error(`Nothing is known of what ${input} ranges over`)
    const [output = ''] = node.output
    const channels = weights.dims[0] ?? 0
    const biasPart = 1 / (BIAS_STEPS_MAX * activation.scale)
    const scaleMin = (channel: number) => Math.abs(bias?.[channel] ?? 0) * biasPart
    const { values, scales } = quantiseWeights(weights.values, channels, scaleMin)
    const inputs = [activation.name, this.#restored(`${output}_weights`, weights.dims, DATA_TYPE.int8, values, scales)]
    if (bias === null) return inputs
    const steps = quantiseBias(bias, activation.scale, scales)
    return [...inputs, this.#restored(`${output}_bias`, [channels], DATA_TYPE.int32, steps.values, steps.scales)]
  }

  /** Integers with one scale per channel, made floats again. */
  #restored(
    wanted: string,
    dims: readonly number[],
    dataType: number,
    values: Int8Array | Int32Array,
    scales: Float32Array,
  ): string {
    const zeros = values instanceof Int8Array ? new Int8Array(scales.length) : new Int32Array(scales.length)
    const input = [
      this.#constant(wanted, dims, dataType, values),
      this.#constant(`${wanted}_scales`, [scales.length], DATA_TYPE.float, scales),
      this.#constant(`${wanted}_zeros`, [scales.length], dataType, zeros),
    ]
    const name = this.#newName(`${wanted}_restored`)
    const axis = { name: 'axis', type: ATTRIBUTE_TYPE.int, i: 0 }
    this.graph.node.push({ name, opType: 'DequantizeLinear', input, output: [name], attribute: [axis] })
    return name
  }

  #constant(wanted: string, dims: readonly number[], dataType: number, values: ArrayBufferView): string {
    const name = this.#newName(wanted)
    this.graph.initializer.push(rawTensor(name, dims, dataType, values))
    return name
  }
}
