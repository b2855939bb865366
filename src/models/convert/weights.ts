import { Type } from 'typebox'
import { Refusal } from '../../domain/errors.ts'
import { float16ToFloat32 } from './float16.ts'

const Quantisation = Type.Union([
  Type.Object({ dtype: Type.Literal('uint8'), scale: Type.Number(), min: Type.Number() }),
  Type.Object({ dtype: Type.Literal('float16') }),
])

/** One group of a TensorFlow.js weights manifest: tensors that lie one after another in the group's files. */
export const WeightsGroup = Type.Object({
  paths: Type.Array(Type.String(), { minItems: 1, maxItems: 1 }),
  weights: Type.Array(
    Type.Object({
      name: Type.String(),
      shape: Type.Array(Type.Integer({ minimum: 0 })),
      dtype: Type.Union([Type.Literal('float32'), Type.Literal('int32')]),
      quantization: Type.Optional(Quantisation),
    }),
  ),
})
type WeightsGroup = Type.Static<typeof WeightsGroup>
type WeightEntry = WeightsGroup['weights'][number]

export interface Weight {
  readonly shape: readonly number[]
  readonly values: Float32Array | Int32Array
}

/**
 * The tensors of a one-file TensorFlow.js weights manifest, dequantised to float32 (int32 as it is).
 * @throws Refusal `model-refused` where the file is shorter or longer than the manifest says
 */
export function readWeights(groups: readonly WeightsGroup[], file: Uint8Array): ReadonlyMap<string, Weight> {
  const weights = new Map<string, Weight>()
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  let offset = 0
  for (const group of groups) {
    for (const entry of group.weights) {
      const count = entry.shape.reduce((product, size) => product * size, 1)
      const end = offset + count * bytesPerValue(entry)
      if (end > file.byteLength) throw new Refusal('model-refused', { reason: 'weights file is too short' })
      weights.set(entry.name, { shape: entry.shape, values: readValues(view, offset, count, entry) })
      offset = end
    }
  }
  if (offset !== file.byteLength) throw new Refusal('model-refused', { reason: 'weights file is too long' })
  return weights
}

function bytesPerValue(entry: WeightEntry): number {
  if (entry.quantization === undefined) return 4
  return entry.quantization.dtype === 'uint8' ? 1 : 2
}

function readValues(view: DataView, offset: number, count: number, entry: WeightEntry): Float32Array | Int32Array {
  if (entry.dtype === 'int32') return Int32Array.from({ length: count }, (_, i) => view.getInt32(offset + i * 4, true))
  const values = new Float32Array(count)
  const quantisation = entry.quantization
  if (quantisation === undefined) {
    for (let i = 0; i < count; i++) values[i] = view.getFloat32(offset + i * 4, true)
  } else if (quantisation.dtype === 'float16') {
    for (let i = 0; i < count; i++) values[i] = float16ToFloat32(view.getUint16(offset + i * 2, true))
  } else {
    const { scale, min } = quantisation
    for (let i = 0; i < count; i++) values[i] = view.getUint8(offset + i) * scale + min
  }
  return values
}

/** @throws Refusal `model-refused` where the tensor is missing or not of floats */
export function floatWeight(weights: ReadonlyMap<string, Weight>, name: string): Weight & { values: Float32Array } {
  const weight = weights.get(name)
  if (weight === undefined || !(weight.values instanceof Float32Array)) {
    throw new Refusal('model-refused', { reason: `weight ${name} is missing` })
  }
  return { shape: weight.shape, values: weight.values }
}
