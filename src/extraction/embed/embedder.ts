import type { RecogniserSpec } from '../../domain/pack.ts'
import type { Network } from '../inference/network.ts'
import { writePlanar } from '../inference/pixel-tensor.ts'
import type { Picture } from '../picture/picture.ts'

/** Turns an aligned face into a template. */
export class Embedder {
  readonly #network: Network
  readonly #spec: RecogniserSpec
  readonly #dimension: number

  constructor(network: Network, spec: RecogniserSpec, dimension: number) {
    this.#network = network
    this.#spec = spec
    this.#dimension = dimension
  }

  /**
   * @param chip the aligner's square
   * @param mirror whether the embedding of the mirrored face is added, which halves what the pose does to it
   * @returns unit norm, the pack's dimension; null when the network sees nothing in it (an embedding of norm 0)
   */
  async embed(chip: Picture, mirror: boolean): Promise<Float32Array | null> {
    const chips = mirror ? [chip, mirrored(chip)] : [chip]
    const sum = new Float32Array(this.#dimension)
    for (const values of await this.#run(chips)) {
      for (let i = 0; i < values.length; i++) {
        const row = i % this.#dimension
        sum[row] = (sum[row] ?? 0) + (values[i] ?? 0)
      }
    }
    return normalised(sum)
  }

  /** All in one batch where the graph lets the batch vary, else one by one. */
  async #run(chips: readonly Picture[]): Promise<readonly Float32Array[]> {
    const batchVaries = this.#network.inputs[0]?.dims[0] === null
    const batches = batchVaries ? [chips] : chips.map((chip) => [chip])
    const embeddings: Float32Array[] = []
    for (const batch of batches) {
      const side = this.#spec.inputSize
      const values = 3 * side * side
      const data = new Float32Array(values * batch.length)
      batch.forEach((chip, index) => {
        writePlanar(chip.pixels, this.#spec, data, index * values)
      })
      const [output] = await this.#network.run([{ data, dims: [batch.length, 3, side, side] }])
      if (output?.data.length !== batch.length * this.#dimension)
        throw new Error(`The recogniser does not give ${this.#dimension} values a face`)
      embeddings.push(output.data)
    }
    return embeddings
  }
}

function mirrored({ pixels, width, height }: Picture): Picture {
  const out = new Uint8Array(pixels.length)
  for (let y = 0; y < height; y++) {
    let from = y * width * 3
    let to = from + (width - 1) * 3
    for (let x = 0; x < width; x++, from += 3, to -= 3) {
      out[to] = pixels[from] ?? 0
      out[to + 1] = pixels[from + 1] ?? 0
      out[to + 2] = pixels[from + 2] ?? 0
    }
  }
  return { pixels: out, width, height }
}

function normalised(vector: Float32Array): Float32Array | null {
  let squares = 0
  for (const value of vector) squares += value * value
  const norm = Math.sqrt(squares)
  if (!(norm > 0 && Number.isFinite(norm))) return null
  return vector.map((value) => value / norm)
}
