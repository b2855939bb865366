import type { RecogniserSpec } from '../../domain/pack.ts'
import type { Network } from '../inference/network.ts'
import { writePlanar } from '../inference/pixel-tensor.ts'
import type { Picture } from '../picture/picture.ts'

/** Turns an aligned face into a template. */
export class Embedder {
  readonly #network: Network
  readonly #spec: RecogniserSpec
  readonly #dimension: number
  /** The chip and its mirror image as the network wants them. */
  readonly #upright: Float32Array
  readonly #mirrored: Float32Array
  readonly #both: Float32Array

  constructor(network: Network, spec: RecogniserSpec, dimension: number) {
    this.#network = network
    this.#spec = spec
    this.#dimension = dimension
    const values = 3 * spec.inputSize * spec.inputSize
    this.#both = new Float32Array(2 * values)
    this.#upright = this.#both.subarray(0, values)
    this.#mirrored = this.#both.subarray(values)
  }

  /**
   * @param chip the aligner's square
   * @param mirror whether the embedding of the mirrored face is added, which halves what the pose does to it
   * @returns unit norm, the pack's dimension; null when the network sees nothing in it (an embedding of norm 0)
   */
  async embed(chip: Picture, mirror: boolean): Promise<Float32Array | null> {
    writePlanar(chip.pixels, this.#spec, this.#upright)
    if (mirror) mirrorRows(this.#upright, this.#spec.inputSize, this.#mirrored)
    const sum = new Float32Array(this.#dimension)
    for (const values of await this.#run(mirror)) {
      for (let i = 0; i < values.length; i++) {
        const row = i % this.#dimension
        sum[row] = (sum[row] ?? 0) + (values[i] ?? 0)
      }
    }
    return normalised(sum)
  }

  /** Both in one batch where the graph lets the batch vary, else one by one. */
  async #run(mirror: boolean): Promise<readonly Float32Array[]> {
    const batchVaries = this.#network.inputs[0]?.dims[0] === null
    if (!mirror) return [await this.#runBatch(this.#upright, 1)]
    if (batchVaries) return [await this.#runBatch(this.#both, 2)]
    return [await this.#runBatch(this.#upright, 1), await this.#runBatch(this.#mirrored, 1)]
  }

  async #runBatch(data: Float32Array, chips: number): Promise<Float32Array> {
    const side = this.#spec.inputSize
    const [output] = await this.#network.run([{ data, dims: [chips, 3, side, side] }])
    if (output?.data.length !== chips * this.#dimension)
      throw new Error(`The recogniser does not give ${this.#dimension} values a face`)
    return output.data
  }
}

/** Rows of `width` values, each from its end. */
function mirrorRows(rows: Float32Array, width: number, out: Float32Array): void {
  for (let end = width - 1; end < rows.length; end += width)
    for (let column = 0; column < width; column++) out[end - column] = rows[end - width + 1 + column] ?? 0
}

function normalised(vector: Float32Array): Float32Array | null {
  let squares = 0
  for (const value of vector) squares += value * value
  const norm = Math.sqrt(squares)
  if (!(norm > 0 && Number.isFinite(norm))) return null
  return vector.map((value) => value / norm)
}
