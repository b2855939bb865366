import { DATA_TYPE, int64ToNumber, type OnnxTensor } from './model.ts'

/** A weight of a graph, in row-major order. */
export interface FloatTensorValues {
  readonly dims: readonly number[]
  readonly values: Float32Array
}

/** A float32 weight, whichever of the file format's two ways it is stored in; null where it is of another type. */
export function readFloatTensor(tensor: OnnxTensor): FloatTensorValues | null {
  if (tensor.dataType !== DATA_TYPE.float) return null
  const dims = tensor.dims.map(int64ToNumber)
  const values = tensor.rawData.length > 0 ? fromRaw(tensor.rawData) : Float32Array.from(tensor.floatData ?? [])
  return values.length === dims.reduce((product, size) => product * size, 1) ? { dims, values } : null
}

export function floatTensor(name: string, dims: readonly number[], values: Float32Array): OnnxTensor {
  return rawTensor(name, dims, DATA_TYPE.float, values)
}

/** @param values of the data type; the machines that ONNX Runtime runs on are little-endian, as the file is */
export function rawTensor(
  name: string,
  dims: readonly number[],
  dataType: number,
  { buffer, byteOffset, byteLength }: ArrayBufferView,
): OnnxTensor {
  return { name, dims: [...dims], dataType, rawData: new Uint8Array(buffer, byteOffset, byteLength) }
}

/** Little-endian in the file, and perhaps not aligned there. */
function fromRaw(raw: Uint8Array): Float32Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  return Float32Array.from({ length: Math.floor(raw.length / 4) }, (_, i) => view.getFloat32(i * 4, true))
}
