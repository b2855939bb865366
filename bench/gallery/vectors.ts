import { closeSync, openSync, writeSync } from 'node:fs'

/** Kinds of galleries: cosines spread around 0, or crowded to one side as those of the default pack are. */
export type Distribution = 'clustered' | 'crowded'

export const IMAGES_PER_PERSON = 5
/** Mean cosines of two images of one person, and of two people. */
const SHAPES = {
  clustered: { genuine: 0.6, impostor: 0 },
  crowded: { genuine: 0.95, impostor: 0.84 },
} as const

const TABLE_SIZE = 65_536

/** Makes unit vectors by seed, quickly: Gaussian numbers are drawn from a table of as many quantiles at random. */
export class VectorSource {
  readonly #dimension: number
  readonly #shape: (typeof SHAPES)[Distribution]
  readonly #table: Float32Array
  readonly #common: Float32Array
  #state: number

  constructor(dimension: number, distribution: Distribution, seed: number) {
    this.#dimension = dimension
    this.#shape = SHAPES[distribution]
    this.#state = seed | 1
    this.#table = Float32Array.from({ length: TABLE_SIZE }, () => {
      const [a, b] = [this.#next() / 2 ** 32, this.#next() / 2 ** 32]
      return Math.sqrt(-2 * Math.log(1 - a)) * Math.cos(2 * Math.PI * b)
    })
    this.#common = unit(this.#noise())
  }

  /** A person, around whom images lie. */
  person(): Float32Array {
    const own = this.#noise()
    const { genuine, impostor } = this.#shape
    return this.#mix(this.#common, Math.sqrt(impostor / genuine), own)
  }

  image(person: Float32Array): Float32Array {
    return this.#mix(person, Math.sqrt(this.#shape.genuine), this.#noise())
  }

  /** A unit vector with about this cosine to a unit vector. */
  #mix(centre: Float32Array, cosine: number, noise: Float32Array): Float32Array {
    const scale = Math.sqrt((1 - cosine * cosine) / this.#dimension)
    return unit(noise.map((value, i) => scale * value + cosine * (centre[i] ?? 0)))
  }

  #noise(): Float32Array {
    const noise = new Float32Array(this.#dimension)
    for (let i = 0; i < noise.length; i++) noise[i] = this.#table[this.#next() >>> 16] ?? 0
    return noise
  }

  #next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x >>> 0
  }
}

function unit(vector: Float32Array): Float32Array {
  let squares = 0
  for (const value of vector) squares += value * value
  const scale = 1 / Math.sqrt(squares)
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * scale
  return vector
}

export interface VectorFiles {
  readonly dimension: number
  readonly count: number
  /** Float32 rows; row i is of person floor(i / IMAGES_PER_PERSON). */
  readonly vectors: string
  /** Float32 rows: first known people's probes, then strangers'. */
  readonly probes: string
  readonly probeCount: number
}

/** Writes a gallery and probes: known ones are of people among the first `among` images. */
export function writeVectors(
  folder: string,
  source: VectorSource,
  wish: { dimension: number; count: number; among: number; probesOfEach: number },
): VectorFiles {
  const files = { vectors: `${folder}/vectors.f32`, probes: `${folder}/probes.f32` }
  const known: Float32Array[] = []
  const every = Math.floor(wish.among / wish.probesOfEach)
  writeRows(files.vectors, wish.count, (row, person) => {
    const centre = row % IMAGES_PER_PERSON === 0 ? source.person() : person
    if (row % every === 0 && known.length < wish.probesOfEach) known.push(source.image(centre))
    return [source.image(centre), centre]
  })
  const probes = [...known, ...Array.from({ length: wish.probesOfEach }, () => source.image(source.person()))]
  writeRows(files.probes, probes.length, (row, person) => [probes[row] ?? person, person])
  return { ...files, dimension: wish.dimension, count: wish.count, probeCount: probes.length }
}

const ROWS_PER_WRITE = 1_000

function writeRows(
  file: string,
  count: number,
  make: (row: number, person: Float32Array) => [Float32Array, Float32Array],
): void {
  const handle = openSync(file, 'w')
  let person = new Float32Array()
  for (let first = 0; first < count; first += ROWS_PER_WRITE) {
    const rows: Uint8Array[] = []
    for (let row = first; row < Math.min(count, first + ROWS_PER_WRITE); row++) {
      const [vector, of] = make(row, person)
      person = Float32Array.from(of)
      rows.push(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength))
    }
    writeSync(handle, Buffer.concat(rows))
  }
  closeSync(handle)
}
