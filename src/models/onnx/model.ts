/** 64-bit integers are plain numbers where we write them, and long.js objects in files that were read. */
export type Int64 = number | { toNumber(): number }

/** Values of TensorProto.DataType that this project reads or writes. */
export const DATA_TYPE = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const

/** Values of AttributeProto.AttributeType that this project reads or writes. */
export const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, ints: 7 } as const

/** Value of TensorProto.DataLocation for weights that lie in another file. */
export const DATA_LOCATION_EXTERNAL = 1

/*
 * The part of the messages that code here looks at. Objects that were decoded hold every other field of the schema too
 * (and bytes that no schema names), and keep them when they are encoded again.
 */

export interface OnnxDimension {
  /** Absent in plain objects and 0 in decoded ones where the dimension is free. */
  dimValue?: Int64
  dimParam?: string
}

export interface OnnxValueInfo {
  name: string
  type?: { tensorType?: { elemType: number; shape?: { dim: OnnxDimension[] } | null } | null } | null
}

export interface OnnxTensor {
  name: string
  dims: Int64[]
  dataType: number
  rawData: Uint8Array
  floatData?: number[]
  int64Data?: Int64[]
  dataLocation?: number
  externalData?: unknown[]
}

export interface OnnxAttribute {
  name: string
  type: number
  f?: number
  i?: Int64
  s?: Uint8Array
  ints?: Int64[]
  t?: OnnxTensor | null
  g?: OnnxGraph | null
  tensors?: OnnxTensor[]
  graphs?: OnnxGraph[]
  sparseTensor?: OnnxSparseTensor | null
  sparseTensors?: OnnxSparseTensor[]
}

export interface OnnxSparseTensor {
  values?: OnnxTensor | null
  indices?: OnnxTensor | null
  dims: Int64[]
}

export interface OnnxNode {
  name: string
  opType: string
  domain?: string
  input: string[]
  output: string[]
  attribute: OnnxAttribute[]
}

export interface OnnxGraph {
  name: string
  node: OnnxNode[]
  initializer: OnnxTensor[]
  sparseInitializer?: OnnxSparseTensor[]
  input: OnnxValueInfo[]
  output: OnnxValueInfo[]
  valueInfo?: OnnxValueInfo[]
}

export interface OnnxModel {
  irVersion: Int64
  producerName: string
  opsetImport: { domain: string; version: Int64 }[]
  graph?: OnnxGraph | null
  functions?: unknown[]
  trainingInfo?: unknown[]
}

/** An Int64 as a number; exact up to 2^53, which no dimension of a usable network reaches. */
export function int64ToNumber(value: Int64): number {
  return typeof value === 'number' ? value : value.toNumber()
}
