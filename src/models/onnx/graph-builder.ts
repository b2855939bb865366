import {
  ATTRIBUTE_TYPE,
  DATA_TYPE,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxValueInfo,
} from './model.ts'

/** Opset 17 is the newest that every ONNX Runtime since 1.12 runs. */
const OPSET_VERSION = 17
/** The file format's version that came with opset 17. */
const IR_VERSION = 8

/** A whole number, a list of whole numbers or text; no operator used here has another kind of attribute. */
export type AttributeValue = number | readonly number[] | string

/** A dimension's size, or the name of a free one. */
export type Dimension = number | string

/** Writes a graph node by node; every call answers with the name of the value it made. */
export interface GraphBuilder {
  /** float32 input. */
  input(name: string, dimensions: readonly Dimension[]): string
  floats(name: string, dimensions: readonly number[], values: Float32Array): string
  integers(name: string, values: readonly number[]): string
  node(opType: string, inputs: readonly string[], attributes?: Attributes): string
  /** Makes a value a float32 output under a name of its own. */
  output(name: string, dimensions: readonly Dimension[], value: string): void
  build(): OnnxModel
}

type Attributes = Readonly<Record<string, AttributeValue>>

export function createGraphBuilder(graphName: string): GraphBuilder {
  const graph: OnnxGraph = { name: graphName, node: [], initializer: [], input: [], output: [] }
  const addNode = (opType: string, name: string, inputs: readonly string[], output: string, attributes: Attributes) => {
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value))
    graph.node.push({ name, opType, input: [...inputs], output: [output], attribute })
  }
  return {
    input(name, dimensions) {
      graph.input.push(floatValue(name, dimensions))
      return name
    },
    floats(name, dimensions, values) {
      const rawData = copyOfBytes(values)
      graph.initializer.push({ name, dims: [...dimensions], dataType: DATA_TYPE.float, rawData })
      return name
    },
    integers(name, values) {
      const rawData = copyOfBytes(BigInt64Array.from(values, BigInt))
      graph.initializer.push({ name, dims: [values.length], dataType: DATA_TYPE.int64, rawData })
      return name
    },
    node(opType, inputs, attributes = {}) {
      const name = `${opType}_${graph.node.length}`
      addNode(opType, name, inputs, name, attributes)
      return name
    },
    output(name, dimensions, value) {
      addNode('Identity', `${name}_output`, [value], name, {})
      graph.output.push(floatValue(name, dimensions))
    },
    build: () => ({
      irVersion: IR_VERSION,
      producerName: 'nhandien',
      opsetImport: [{ domain: '', version: OPSET_VERSION }],
      graph,
    }),
  }
}

function floatValue(name: string, dimensions: readonly Dimension[]): OnnxValueInfo {
  const dim = dimensions.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType: DATA_TYPE.float, shape: { dim } } } }
}

function attributeOf(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPE.int, i: value }
  if (typeof value === 'string') return { name, type: ATTRIBUTE_TYPE.string, s: new TextEncoder().encode(value) }
  return { name, type: ATTRIBUTE_TYPE.ints, ints: [...value] }
}

/** Little-endian, as every platform that Node.js runs on. */
function copyOfBytes({ buffer, byteLength, byteOffset }: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength))
}
