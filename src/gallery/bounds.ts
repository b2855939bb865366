/*
 * Why the index answers exactly what comparing the probe with every template would answer.
 *
 * Let q be the probe, y a template, mu the stored mean, p = q - mu, z = y - mu. Then
 *     q.y = p.z + mu.z + q.mu,
 * where the shift mu.z is stored with y. In place of z stand codes: z^ = s (c - 127.5), c = 16 h + l from 0 to 255, or,
 * from the high 4 bits alone, z^ = 8 s (2 h - 15). In place of p stand weights P: p^ = t P, integers of at most
 * WEIGHT_MAX. With the radius r >= |z - z^|, stored for either kind of z^, and e = |p - p^|,
 *     p.z - p^.z^ = p.(z - z^) + (p - p^).z^ <= |p| r + e |z^| <= (|p| + e) r + e |z|      (Cauchy-Schwarz)
 * and |z| <= |y| + |mu| <= CENTRED_NORM_MAX. So
 *     q.y <= p^.z^ + mu.z + q.mu + (|p| + e) r + e CENTRED_NORM_MAX =: bound.
 * p^.z^ is a sum of integers times two scales, hence exact but for the roundings of a few float32 operations on
 * numbers below 8, each off by less than 5e-7; ROUNDING covers these, the stored shift's own rounding, and that of the
 * threshold. (The integers: |P (2 h - 15)| <= 28,500 each, so sums of 32 bits hold 37,000 dimensions.)
 * The radius is measured in float32 sums of at most 1,024 terms a lane, relative error below 7e-5, of differences that
 * are each off by less than 2e-7 of values below 2; `radiusAbove` adds more than both.
 *
 * A template whose bound reaches the threshold is scored in float32 before it is scored exactly: a lane adds up fewer
 * than a quarter of the products, each addition and product off by 2^-24 of sums of sizes that are at most |q| |y|
 * together, so that 2^-23 for each dimension covers it.
 *
 * The search keeps the k best so far by their exact scores (for people: the best image of each), and `least`, the k-th
 * of these or the score that candidates must exceed. A template is passed over only when bound < least. `least` never
 * falls: a candidate joins only by pushing out or improving one. So the passed-over template has q.y <= bound < least
 * at the end too, strictly, and is not among the k best whatever its image id; every other template was given its
 * exact score (float32 values, double sums in the order of the index: the very number of `cosine`), and ties are broken
 * by image id among exact scores. The order in which templates are looked at, and the choice of codes, scales, means
 * and blocks, change only how many are looked at twice.
 */

/** Largest weight, so that a weight less 16 times another still fits 16 signed bits: 17 × 1,927 < 2^15. */
export const WEIGHT_MAX = 1_927
const CENTRED_NORM_MAX = 2.01
const ROUNDING = 1e-5
const GROUP = 32
const LANES = 8

/** What a bound is computed from besides the codes, see the top of the file. */
export interface BoundTerms {
  /** Multiplies a row's scale and its sum, by the high plane alone and by both. */
  readonly coarseFactor: number
  readonly fineFactor: number
  /** Added to twice the sum of weights and numbers of a plane, makes it the sum of P (2 n - 15). */
  readonly offset: number
  /** Multiplies a row's radius. */
  readonly norm: number
  readonly constant: number
}

/** How far a cosine summed in float32 may be from the true one. */
export function float32Slack(dimension: number): number {
  return dimension * 2 ** -23
}

/** A radius that is not below the true one, from one that was measured in float32. */
export function radiusAbove(measured: number): number {
  return measured * (1 + 1e-4) + 1e-6
}

/**
 * Turns a probe into the kernel's weights.
 * @param weights receives 32 numbers for every 32 dimensions: four times eight lanes, as the kernel reads them
 */
export function weigh(probe: Float32Array, mean: Float32Array, weights: Int16Array): BoundTerms {
  const at = (vector: Float32Array, i: number): number => vector[i] ?? 0
  let largest = 0
  let probeMean = 0
  let squares = 0
  for (let i = 0; i < probe.length; i++) {
    const p = at(probe, i) - at(mean, i)
    largest = Math.max(largest, Math.abs(p))
    squares += p * p
    probeMean += at(probe, i) * at(mean, i)
  }
  const step = largest / WEIGHT_MAX
  let errors = 0
  let sum = 0
  let sumOfTopmost = 0
  for (let group = 0; group < weights.length; group += GROUP) {
    for (let lane = 0; lane < LANES; lane++) {
      let before = 0
      for (let i = lane; i < GROUP; i += LANES) {
        const p = at(probe, group + i) - at(mean, group + i)
        const weight = step === 0 ? 0 : Math.round(p / step)
        errors += (p - weight * step) ** 2
        sum += weight
        if (i >= GROUP - LANES) sumOfTopmost += weight
        weights[group + i] = weight - 16 * before
        before = weight
      }
    }
  }
  const error = Math.sqrt(errors)
  return {
    coarseFactor: 8 * step,
    fineFactor: step / 2,
    offset: 16 * sumOfTopmost - 15 * sum,
    norm: Math.sqrt(squares) + error,
    constant: probeMean + error * CENTRED_NORM_MAX + ROUNDING,
  }
}
