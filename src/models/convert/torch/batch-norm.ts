import { Refusal } from '../../../domain/errors.ts'
import type { TorchTensor } from './tensor.ts'

/** PyTorch's default, which arcface_torch states for every layer. */
const EPSILON = 1e-5

export type StateDict = ReadonlyMap<string, TorchTensor>

/**
 * The values of a tensor that has exactly this shape.
 * @throws Refusal `model-refused` naming the tensor
 */
export function weight(state: StateDict, name: string, shape: readonly number[]): Float32Array {
  const tensor = state.get(name)
  const refuse = (reason: string): never => {
    throw new Refusal('model-refused', { reason: `${name} ${reason}` })
  }
  if (tensor === undefined) return refuse('is missing')
  if (tensor.shape.join() !== shape.join())
    return refuse(`has the shape (${tensor.shape.join(', ')}), not (${shape.join(', ')})`)
  if (!tensor.values.every(Number.isFinite)) return refuse('has values that are not finite')
  return tensor.values
}

/** A batch normalisation as it acts on each channel at run time: x · scale + shift, in double precision. */
export interface Affine {
  readonly scale: Float64Array
  readonly shift: Float64Array
}

/** @throws Refusal `model-refused` */
export function affineOf(state: StateDict, layer: string, channels: number): Affine {
  const [gain, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
    weight(state, `${layer}.${part}`, [channels]),
  )
  const scale = new Float64Array(channels)
  const shift = new Float64Array(channels)
  for (let channel = 0; channel < channels; channel++) {
    const factor = (gain?.[channel] ?? 0) / Math.sqrt((variance?.[channel] ?? 0) + EPSILON)
    scale[channel] = factor
    shift[channel] = (bias?.[channel] ?? 0) - (mean?.[channel] ?? 0) * factor
  }
  if (!scale.every(Number.isFinite)) throw new Refusal('model-refused', { reason: `${layer} has a negative variance` })
  return { scale, shift }
}
