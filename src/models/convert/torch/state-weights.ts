import { Refusal } from '../../../domain/errors.ts'
import type { TorchTensor } from './tensor.ts'

/** PyTorch's default, which arcface_torch states for every layer. */
const EPSILON = 1e-5

/** A batch normalisation as it acts on each channel at run time: x · scale + shift, in double precision. */
export interface Affine {
  readonly scale: Float64Array
  readonly shift: Float64Array
}

/** Gives out the tensors of a state_dict by name and shape, and knows which nobody asked for. */
export class StateWeights {
  readonly #state: ReadonlyMap<string, TorchTensor>
  readonly #used = new Set<string>()

  constructor(state: ReadonlyMap<string, TorchTensor>) {
    this.#state = state
  }

  has(name: string): boolean {
    return this.#state.has(name)
  }

  /** @throws Refusal `model-refused` naming a tensor that is missing, of another shape or not finite */
  floats(name: string, shape: readonly number[]): Float32Array {
    const tensor = this.#state.get(name)
    const refuse = (reason: string): never => {
      throw new Refusal('model-refused', { reason: `${name} ${reason}` })
    }
    if (tensor === undefined) return refuse('is missing')
    if (tensor.shape.join() !== shape.join())
      return refuse(`has the shape (${tensor.shape.join(', ')}), not (${shape.join(', ')})`)
    if (!areFinite(tensor.values)) return refuse('has values that are not finite')
    this.#used.add(name)
    return tensor.values
  }

  /** @throws Refusal `model-refused` */
  affine(layer: string, channels: number): Affine {
    const [gain, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
      this.floats(`${layer}.${part}`, [channels]),
    )
    const scale = new Float64Array(channels)
    const shift = new Float64Array(channels)
    for (let channel = 0; channel < channels; channel++) {
      const factor = (gain?.[channel] ?? 0) / Math.sqrt((variance?.[channel] ?? 0) + EPSILON)
      scale[channel] = factor
      shift[channel] = (bias?.[channel] ?? 0) - (mean?.[channel] ?? 0) * factor
    }
    if (!areFinite(scale)) throw new Refusal('model-refused', { reason: `${layer} has a negative variance` })
    return { scale, shift }
  }

  /** Names that were never asked for, but for the counters that training leaves behind. */
  unused(): readonly string[] {
    return [...this.#state.keys()].filter((name) => !this.#used.has(name) && !name.endsWith('.num_batches_tracked'))
  }
}

/** A loop, because there are many millions, and a call for each of them takes ten times as long. */
function areFinite(values: Float32Array | Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false
  return true
}
