import { Refusal } from '../../domain/errors.ts'
import type { OnnxModel } from '../onnx/model.ts'
import { type DeclaredTensor, signatureOf } from '../onnx/signature.ts'

export type ModelRole =
  /** SCRFD with five points; `inputSize` is null where the graph takes any multiple of 32. */
  | { readonly role: 'detector'; readonly inputSize: number | null }
  /** `mean` and `divisor` of the pixels it wants. */
  | { readonly role: 'recogniser'; readonly mean: number; readonly divisor: number }
  /** A network of InsightFace's packs that nothing here needs. */
  | { readonly role: 'unused'; readonly what: string }

export const RECOGNISER_SIDE = 112
/** Scores, boxes and points for each of three strides. */
const DETECTOR_OUTPUTS = 9

/** Networks that come with InsightFace's packs, by the side of their input and the length of their only output. */
const UNUSED = [
  { what: 'age and gender', side: 96, length: 3 },
  { what: '106 landmarks', side: 192, length: 212 },
  { what: '68 landmarks in 3D', side: 192, length: 3309 },
] as const

/**
 * What a model is for, told by what goes in and comes out, never by its file's name.
 * @throws Refusal `model-refused` where it is nothing that a pack can hold
 */
export function roleOf(model: OnnxModel): ModelRole {
  const { inputs, outputs } = signatureOf(model)
  const [input] = inputs
  if (input === undefined || inputs.length !== 1) throw refusal(`has ${inputs.length} inputs, not one image`)
  const [, channels, height, width] = input.sizes ?? []
  if (!input.isFloat || input.sizes?.length !== 4 || (channels ?? 3) !== 3) {
    throw refusal('does not take one float32 image [N, 3, height, width]')
  }
  if (outputs.length === 1 && height === RECOGNISER_SIDE && width === RECOGNISER_SIDE) {
    return { role: 'recogniser', ...normalisationOf(model, input) }
  }
  const unused = UNUSED.find(({ side, length }) => {
    return height === side && width === side && outputs.length === 1 && (lastSize(outputs[0]) ?? length) === length
  })
  if (unused !== undefined) return { role: 'unused', what: unused.what }
  if (isDetector(outputs)) return { role: 'detector', inputSize: detectorInputSize(height ?? null, width ?? null) }
  if (outputs.length === 6) throw refusal('is a detector without the five points that alignment needs')
  throw refusal('is neither an SCRFD detector with five points nor a recogniser of 112×112 faces')
}

function isDetector(outputs: readonly DeclaredTensor[]): boolean {
  if (outputs.length !== DETECTOR_OUTPUTS) return false
  const declared = outputs.map(lastSize).filter((size) => size !== null)
  // Undeclared sizes are settled by running the model.
  return [1, 4, 10].every((size) => declared.filter((other) => other === size).length <= 3) && declared.every(isPart)
}

function isPart(size: number): boolean {
  return size === 1 || size === 4 || size === 10
}

function lastSize(tensor: DeclaredTensor | undefined): number | null {
  return tensor?.sizes?.at(-1) ?? null
}

function detectorInputSize(height: number | null, width: number | null): number | null {
  if (height === null && width === null) return null
  if (height !== width || height === null || height % 32 !== 0) {
    throw refusal('wants images of a fixed size that is not a square of a multiple of 32')
  }
  return height
}

/**
 * Recognisers converted from MXNet normalise inside, in a subtraction that is the first thing done to the image; the
 * others want (x - 127.5) / 127.5. InsightFace's own loader tells them apart in the same way
 * (python-package/insightface/model_zoo/arcface_onnx.py).
 */
function normalisationOf(model: OnnxModel, input: DeclaredTensor): { mean: number; divisor: number } {
  const first = model.graph?.node.find((node) => node.input.includes(input.name))
  return first?.opType === 'Sub' ? { mean: 0, divisor: 1 } : { mean: 127.5, divisor: 127.5 }
}

function refusal(reason: string): Refusal {
  return new Refusal('model-refused', { reason })
}
