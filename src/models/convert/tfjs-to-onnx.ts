import { Refusal } from '../../domain/errors.ts'
import { createGraphBuilder } from '../onnx/graph-builder.ts'
import type { OnnxModel } from '../onnx/model.ts'
import type { TfjsModel, TfjsNode } from './tfjs-model.ts'
import { type Activation, convertOperator } from './tfjs-operators.ts'

/** The free first dimension of every input and output. */
const BATCH = 'N'

/**
 * A TensorFlow.js graph as ONNX with the same names of inputs and outputs and the same layout outside: images NHWC
 * float32. Inside it is NCHW, which ONNX's convolutions want: one transposition after each input, one before each
 * reshape. The first dimension of every input and output is free, whatever it was.
 * @throws Refusal `model-refused` at an operator or a use of one that is not covered
 */
export function convertTfjsModel(name: string, model: TfjsModel): OnnxModel {
  const graph = createGraphBuilder(name)
  const converted = new Map<string, Activation>()
  const begun = new Set<string>()
  const convert = (nodeName: string): Activation => {
    const known = converted.get(nodeName)
    if (known !== undefined) return known
    const node = model.nodes.get(nodeName)
    if (node === undefined) throw new Refusal('model-refused', { reason: `node ${nodeName} is missing` })
    if (begun.has(nodeName)) throw new Refusal('model-refused', { reason: `node ${nodeName} is in a circle` })
    begun.add(nodeName)
    const activation =
      node.op === 'Placeholder' ? convertInput(node) : convertOperator(graph, model.weights, node, convert)
    converted.set(nodeName, activation)
    return activation
  }
  const convertInput = (node: TfjsNode): Activation => {
    const [, height = 0, width = 0, channels = 0] = node.shape('shape')
    const input = graph.input(node.name, [BATCH, height, width, channels])
    return { value: graph.node('Transpose', [input], { perm: [0, 3, 1, 2] }), shape: [height, width, channels] }
  }

  const used = new Set([...model.nodes.values()].flatMap((node) => node.inputs))
  const outputs = [...model.nodes.values()].filter((node) => node.op !== 'Const' && !used.has(node.name))
  for (const output of outputs.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { value, shape } = convert(output.name)
    graph.output(output.name, [BATCH, ...shape], value)
  }
  return graph.build()
}
