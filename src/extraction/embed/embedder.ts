import type { RecogniserSpec } from '../../domain/pack.ts'
import type { Network } from '../inference/network.ts'
import type { Canvas } from '../picture/canvas.ts'
import type { Picture } from '../picture/picture.ts'

/** Turns an aligned face into a template. */
export interface FaceEmbedder {
  /**
   * @param chip the aligner's square
   * @param mirror whether the embedding of the mirrored face is added, which halves what the pose does to it
   * @returns unit norm, the pack's dimension; null when the network sees nothing in it (an embedding of norm 0)
   */
  embed(chip: Picture, mirror: boolean): Promise<Float32Array | null>
}

/** By a recogniser's network. */
export class Embedder implements FaceEmbedder {
  readonly #network: Network
  readonly #spec: RecogniserSpec
  readonly #dimension: number
  readonly #canvas: Canvas

  constructor(network: Network, spec: RecogniserSpec, dimension: number, canvas: Canvas) {
    this.#network = network
    this.#spec = spec
    this.#dimension = dimension
    this.#canvas = canvas
  }

  async embed(chip: Picture, mirror: boolean): Promise<Float32Array | null> {
    const chips = this.#canvas.tensor(chip, this.#spec, mirror)
    const sum = new Float32Array(this.#dimension)
    for (const values of await this.#run(chips, mirror ? 2 : 1)) {
      for (let i = 0; i < values.length; i++) {
        const row = i % this.#dimension
        sum[row] = (sum[row] ?? 0) + (values[i] ?? 0)
      }
    }
    return normalised(sum)
  }

  /** Both in one batch where the graph lets the batch vary, else one by one. */
  async #run(chips: Float32Array, count: 1 | 2): Promise<readonly Float32Array[]> {
    const batchVaries = this.#network.inputs[0]?.dims[0] === null
    if (count === 1 || batchVaries) return [await this.#runBatch(chips, count)]
    const half = chips.length / 2
    return [await this.#runBatch(chips.subarray(0, half), 1), await this.#runBatch(chips.subarray(half), 1)]
  }

  async #runBatch(data: Float32Array, chips: number): Promise<Float32Array> {
    const side = this.#spec.inputSize
    const [output] = await this.#network.run([{ data, dims: [chips, 3, side, side] }])
    if (output?.data.length !== chips * this.#dimension)
      throw new Error(`The recogniser does not give ${this.#dimension} values a face`)
    return output.data
  }
}

function normalised(vector: Float32Array): Float32Array | null {
  let squares = 0
  for (const value of vector) squares += value * value
  const norm = Math.sqrt(squares)
  if (!(norm > 0 && Number.isFinite(norm))) return null
  return vector.map((value) => value / norm)
}
