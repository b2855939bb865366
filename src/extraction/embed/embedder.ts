import type { RecogniserSpec } from '../../domain/pack.ts'
import type { Network } from '../inference/network.ts'
import type { Canvas } from '../picture/canvas.ts'
import type { Picture } from '../picture/picture.ts'

/** Each perhaps with its mirror image. Two of the default pack's cost 0.93 of what they do one by one; more gain little. */
const BATCH_FACES_MAX = 2

/** Turns aligned faces into templates. */
export interface FaceEmbedder {
  /**
   * @param chips the aligner's squares
   * @param mirror whether the embedding of the mirrored face is added, which halves what the pose does to it
   * @returns for each chip: unit norm, the pack's dimension; null when the network sees nothing in it (an embedding of
   * norm 0). It does not depend on the other chips.
   */
  embed(chips: readonly Picture[], mirror: boolean): Promise<readonly (Float32Array | null)[]>
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

  async embed(chips: readonly Picture[], mirror: boolean): Promise<readonly (Float32Array | null)[]> {
    const templates: (Float32Array | null)[] = []
    for (let first = 0; first < chips.length; first += BATCH_FACES_MAX)
      templates.push(...(await this.#embedBatch(chips.slice(first, first + BATCH_FACES_MAX), mirror)))
    return templates
  }

  async #embedBatch(chips: readonly Picture[], mirror: boolean): Promise<readonly (Float32Array | null)[]> {
    const side = this.#spec.inputSize
    const views = mirror ? 2 : 1
    const tensor = this.#canvas.tensor(chips, { width: side, height: side }, this.#spec, mirror)
    const rows = await this.#run(tensor, chips.length * views)
    return chips.map((_, chip) => normalised(sumOf(rows.slice(chip * views, (chip + 1) * views), this.#dimension)))
  }

  /** All in one batch where the graph lets the batch vary, else one by one. @returns a row each */
  async #run(tensor: Float32Array, count: number): Promise<readonly Float32Array[]> {
    const batch = this.#network.inputs[0]?.dims[0] === null ? count : 1
    const values = (tensor.length / count) * batch
    const rows: Float32Array[] = []
    for (let at = 0; at < tensor.length; at += values) {
      const output = await this.#runBatch(tensor.subarray(at, at + values), batch)
      for (let row = 0; row < output.length; row += this.#dimension)
        rows.push(output.subarray(row, row + this.#dimension))
    }
    return rows
  }

  async #runBatch(data: Float32Array, count: number): Promise<Float32Array> {
    const side = this.#spec.inputSize
    const [output] = await this.#network.run([{ data, dims: [count, 3, side, side] }])
    if (output?.data.length !== count * this.#dimension)
      throw new Error(`The recogniser does not give ${this.#dimension} values a face`)
    return output.data
  }
}

function sumOf(rows: readonly Float32Array[], length: number): Float32Array {
  const sum = new Float32Array(length)
  for (const row of rows)
    row.forEach((value, i) => {
      sum[i] = (sum[i] ?? 0) + value
    })
  return sum
}

function normalised(vector: Float32Array): Float32Array | null {
  let squares = 0
  for (const value of vector) squares += value * value
  const norm = Math.sqrt(squares)
  if (!(norm > 0 && Number.isFinite(norm))) return null
  return vector.map((value) => value / norm)
}
