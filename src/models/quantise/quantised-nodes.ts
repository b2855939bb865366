import { constantsOf } from '../onnx/graph-index.ts'
import { int64ToNumber, type OnnxGraph, type OnnxNode } from '../onnx/model.ts'
import { readFloatTensor } from '../onnx/tensor-values.ts'

/** A product of an activation and weights that can be computed in integers. */
export interface QuantisedNode {
  readonly node: OnnxNode
  readonly weights: { readonly dims: readonly number[]; readonly values: Float32Array }
  readonly bias: Float32Array | null
  /** The activation that goes in. */
  readonly input: string
  /** What is rounded behind it: its output, or that of the clipping that follows; null where floats come out. */
  readonly output: string | null
}

/** ONNX Runtime leaves these out where the rounding that follows clips as they do. */
const CLIPPING = new Set(['Relu', 'Clip'])

/** The convolutions, and matrix products with the output's channels first, of a graph; keyed by the node. */
export function quantisedNodes(graph: OnnxGraph): ReadonlyMap<OnnxNode, QuantisedNode> {
  const constants = constantsOf(graph)
  const answers = new Set(graph.output.map(({ name }) => name))
  const consumers = new Map<string, OnnxNode[]>()
  for (const node of graph.node) {
    for (const name of node.input) consumers.set(name, [...(consumers.get(name) ?? []), node])
  }
  const floats = (name: string | undefined) => {
    const tensor = name === undefined ? undefined : constants.get(name)
    return tensor === undefined ? null : readFloatTensor(tensor)
  }
  const found = new Map<OnnxNode, QuantisedNode>()
  for (const node of graph.node) {
    if ((node.domain ?? '') !== '' || !isProduct(node)) continue
    const [input = '', weightName, biasName] = node.input
    const weights = floats(weightName)
    const bias = floats(biasName)?.values ?? null
    const isBiasRead = biasName === undefined || biasName === '' || bias?.length === weights?.dims[0]
    if (weights === null || constants.has(input) || !isBiasRead) continue
    found.set(node, { node, weights, bias, input, output: roundedOutput(node, consumers, answers) })
  }
  return found
}

function isProduct(node: OnnxNode): boolean {
  if (node.opType === 'Conv') return true
  const attribute = (name: string) => node.attribute.find((found) => found.name === name)
  return (
    node.opType === 'Gemm' &&
    int64ToNumber(attribute('transB')?.i ?? 0) === 1 &&
    int64ToNumber(attribute('transA')?.i ?? 0) === 0 &&
    ['alpha', 'beta'].every((name) => (attribute(name)?.f ?? 1) === 1)
  )
}

/** A template is made of floats, so what the last product gives is not rounded. */
function roundedOutput(
  node: OnnxNode,
  consumers: ReadonlyMap<string, readonly OnnxNode[]>,
  answers: ReadonlySet<string>,
): string | null {
  const [output = ''] = node.output
  if (node.opType === 'Gemm' || answers.has(output)) return null
  const [next, ...others] = consumers.get(output) ?? []
  const clipped = next !== undefined && others.length === 0 && CLIPPING.has(next.opType)
  return clipped ? (next.output[0] ?? output) : output
}
