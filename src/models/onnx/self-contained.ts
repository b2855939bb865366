import { Refusal } from '../../domain/errors.ts'
import { constantsOf } from './graph-index.ts'
import {
  DATA_LOCATION_EXTERNAL,
  int64ToNumber,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxSparseTensor,
  type OnnxTensor,
} from './model.ts'

/** Values of one tensor; at four bytes each, 4 GB. */
const TENSOR_VALUES_MAX = 2 ** 30
/** Sub-graphs (If, Loop) deeper than this are an attack on the stack, not a network. */
const SUBGRAPH_DEPTH_MAX = 8

/** Operators that repeat a graph as often as its own data says. */
const UNBOUNDED = new Set(['Loop', 'Scan'])

/**
 * Refuses a model that would read weights from elsewhere or ask for absurd amounts of memory or time, wherever it says
 * so: initialisers, attributes, sub-graphs, declared shapes. Functions and training graphs, which no pack needs, are
 * refused as such.
 * @throws Refusal `model-refused`
 */
export function checkSelfContained(model: OnnxModel): void {
  if ((model.functions?.length ?? 0) > 0) throw new Refusal('model-refused', { reason: 'defines functions of its own' })
  if ((model.trainingInfo?.length ?? 0) > 0) throw new Refusal('model-refused', { reason: 'holds training graphs' })
  if (model.graph) checkGraph(model.graph, 0)
}

function checkGraph(graph: OnnxGraph, depth: number): void {
  if (depth > SUBGRAPH_DEPTH_MAX) throw new Refusal('model-refused', { reason: 'nests graphs too deeply' })
  graph.initializer.forEach(checkTensor)
  graph.sparseInitializer?.forEach(checkSparseTensor)
  checkNodes(graph.node, depth)
  for (const value of [...graph.input, ...graph.output, ...(graph.valueInfo ?? [])]) {
    const dimensions = value.type?.tensorType?.shape?.dim ?? []
    // A free dimension has no value of its own.
    checkSize(
      value.name,
      dimensions.map((dimension) => int64ToNumber(dimension.dimValue ?? 0) || 1),
    )
  }
  checkMadeTensors(graph)
}

function checkNodes(nodes: readonly OnnxNode[], depth: number): void {
  const unbounded = nodes.find(({ opType }) => UNBOUNDED.has(opType))
  if (unbounded) throw new Refusal('model-refused', { reason: `holds a ${unbounded.opType}, which may never end` })
  for (const attribute of nodes.flatMap((node) => node.attribute)) {
    if (attribute.t) checkTensor(attribute.t)
    attribute.tensors?.forEach(checkTensor)
    if (attribute.sparseTensor) checkSparseTensor(attribute.sparseTensor)
    attribute.sparseTensors?.forEach(checkSparseTensor)
    if (attribute.g) checkGraph(attribute.g, depth + 1)
    for (const graph of attribute.graphs ?? []) checkGraph(graph, depth + 1)
  }
}

function checkSparseTensor(sparse: OnnxSparseTensor): void {
  if (sparse.values) checkTensor(sparse.values)
  if (sparse.indices) checkTensor(sparse.indices)
  checkSize('a sparse tensor', sparse.dims.map(int64ToNumber))
}

function checkTensor(tensor: OnnxTensor): void {
  if (tensor.dataLocation === DATA_LOCATION_EXTERNAL || (tensor.externalData?.length ?? 0) > 0) {
    throw new Refusal('model-refused', { reason: `keeps the weight ${quote(tensor.name)} in another file` })
  }
  checkSize(tensor.name, tensor.dims.map(int64ToNumber))
}

/** Nodes that make a tensor of a constant shape out of nothing: a few bytes of file, any amount of memory. */
function checkMadeTensors(graph: OnnxGraph): void {
  const constants = constantsOf(graph)
  for (const node of graph.node) {
    const shapeInput = { ConstantOfShape: 0, Expand: 1 }[node.opType]
    const shape = shapeInput === undefined ? undefined : constants.get(node.input[shapeInput] ?? '')
    if (shape !== undefined) checkSize(node.output[0] ?? node.opType, integersOf(shape))
    if (!node.opType.startsWith('Random')) continue
    for (const attribute of node.attribute) {
      if (attribute.name === 'shape') checkSize(node.output[0] ?? node.opType, attribute.ints?.map(int64ToNumber) ?? [])
    }
  }
}

function integersOf(tensor: OnnxTensor): number[] {
  const raw = tensor.rawData
  if (raw.length === 0) return (tensor.int64Data ?? []).map(int64ToNumber)
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  return Array.from({ length: Math.floor(raw.length / 8) }, (_, i) => Number(view.getBigInt64(i * 8, true)))
}

function checkSize(name: string, sizes: readonly number[]): void {
  const values = sizes.reduce((product, size) => product * size, 1)
  if (sizes.some((size) => size < 0) || !(values <= TENSOR_VALUES_MAX)) {
    const shape = sizes.slice(0, 8).join('×')
    throw new Refusal('model-refused', { reason: `has the absurd shape ${shape} at ${quote(name)}` })
  }
}

/** Names come out of foreign files: cut short and without control characters. */
function quote(name: string): string {
  return JSON.stringify(name.slice(0, 80))
}
