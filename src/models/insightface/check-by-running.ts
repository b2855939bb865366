import { Refusal } from '../../domain/errors.ts'
import { RECOGNISER_SIDE } from './model-role.ts'

/** float32 values in row-major order. */
export interface ModelTensor {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

/** Loads a model, runs it once on one tensor per input, and answers with one per output in the graph's order. */
export type RunModel = (model: Uint8Array, inputs: readonly ModelTensor[]) => Promise<readonly ModelTensor[]>

const STRIDES = [8, 16, 32] as const
const ANCHORS_PER_CELL = 2
const DIMENSION_MIN = 16
const DIMENSION_MAX = 4096

/**
 * Runs a detector on a blank and a random image; each must give scores, boxes and points of every anchor.
 * @param inputSize side of the square that it wants; null where any multiple of 32 will do, which is tried with two
 * @throws Refusal `model-refused`
 */
export async function checkDetector(run: RunModel, model: Uint8Array, inputSize: number | null): Promise<void> {
  const sizes =
    inputSize === null
      ? ([
          [640, 640],
          [320, 480],
        ] as const)
      : ([[inputSize, inputSize]] as const)
  for (const [height, width] of sizes) {
    for (const image of [blankImage(height, width), randomImage(height, width)]) {
      const outputs = await runChecked(run, model, image)
      const shapes = outputs.map(({ data, dims }) => `${data.length / (dims.at(-1) ?? 1)}×${dims.at(-1) ?? 1}`)
      const expected = [1, 4, 10].flatMap((length) =>
        STRIDES.map((stride) => `${(height / stride) * (width / stride) * ANCHORS_PER_CELL}×${length}`),
      )
      if (shapes.sort().join() !== expected.sort().join()) {
        throw refusal(`gives ${shapes.join(', ')} for an image of ${width}×${height}, not ${expected.join(', ')}`)
      }
    }
  }
}

/**
 * Runs a recogniser on a blank and a random image; each must give one embedding, and not the same.
 * @returns the embedding's length
 * @throws Refusal `model-refused`
 */
export async function checkRecogniser(run: RunModel, model: Uint8Array): Promise<number> {
  const [blank, random] = await Promise.all(
    [blankImage, randomImage].map(async (image) => {
      const [embedding] = await runChecked(run, model, image(RECOGNISER_SIDE, RECOGNISER_SIDE))
      return embedding
    }),
  )
  if (blank === undefined || random === undefined) throw refusal('gives nothing')
  for (const { dims } of [blank, random]) {
    const [batch, dimension = 0] = dims
    if (dims.length !== 2 || batch !== 1 || dimension < DIMENSION_MIN || dimension > DIMENSION_MAX) {
      throw refusal(`gives ${dims.join('×')} values for a face, not one embedding`)
    }
  }
  if (isConstant(blank.data, random.data)) throw refusal('gives the same embedding for every image')
  return random.data.length
}

async function runChecked(run: RunModel, model: Uint8Array, image: ModelTensor): Promise<readonly ModelTensor[]> {
  const outputs = await run(model, [image]).catch((cause: unknown) => {
    throw new Refusal('model-refused', { reason: 'cannot be run' }, { cause })
  })
  if (outputs.some(({ data }) => data.some((value) => !Number.isFinite(value)))) {
    throw refusal('gives values that are not finite')
  }
  return outputs
}

function isConstant(a: Float32Array, b: Float32Array): boolean {
  const largest = Math.max(...a.map(Math.abs), ...b.map(Math.abs))
  return a.every((value, i) => Math.abs(value - (b[i] ?? 0)) <= largest * 1e-6)
}

function blankImage(height: number, width: number): ModelTensor {
  return { data: new Float32Array(3 * height * width), dims: [1, 3, height, width] }
}

/** Values from -1 to 1 out of a linear congruential generator, so that every check is the same. */
function randomImage(height: number, width: number): ModelTensor {
  let state = 1
  const data = new Float32Array(3 * height * width).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
  return { data, dims: [1, 3, height, width] }
}

function refusal(reason: string): Refusal {
  return new Refusal('model-refused', { reason })
}
