/** Seeded random numbers and the kinds of vectors that galleries are tried with. */

/** Uniform in [0, 1); mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Scales to unit norm, in place. */
export function normalised(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return vector.map((value) => value / norm)
}

export function randomUnit(dimension: number, random: () => number): Float32Array {
  return normalised(Float32Array.from({ length: dimension }, () => gaussian(random)))
}

/** A unit vector whose cosine to `centre` is about `cosine`. */
export function near(centre: Float32Array, cosine: number, random: () => number): Float32Array {
  const noise = randomUnit(centre.length, random)
  const sine = Math.sqrt(1 - cosine * cosine)
  return normalised(centre.map((value, i) => cosine * value + sine * (noise[i] ?? 0)))
}
