/*
 * Why the index answers exactly what comparing the probe with every template would answer.
 *
 * Let q be the probe, y a template, mu the stored mean, p = q - mu, z = y - mu. Then
 *     q.y = p.z + mu.z + q.mu,
 * where the shift mu.z is stored with y. In place of z stand codes: z^ = s (c - 31.5), c = 4 h + l from 0 to 63, or,
 * from the high 4 bits alone, z^ = 2 s (2 h - 15). In place of p stand weights P: p^ = t P, integers of at most
 * WEIGHT_MAX. With the radius r >= |z - z^|, stored for either kind of z^, and e = |p - p^|,
 *     p.z - p^.z^ = p^.(z - z^) + (p - p^).z <= |p^| r + e |z|      (Cauchy-Schwarz).
 * How long z is follows from the shift, for |z|^2 = |y|^2 - |mu|^2 - 2 mu.z, and for any c > 0
 *     |z| <= (|z|^2 + c) / (2 sqrt(c)) <= (NORM_MAX^2 - |mu|^2 + c) / (2 sqrt(c)) - mu.z / sqrt(c),
 * which is close where c is about |z|^2: on the average 1 - |mu|^2, if mu is the templates' mean. So
 *     q.y <= p^.z^ + (1 - e / sqrt(c)) mu.z + |p^| r + q.mu + e (NORM_MAX^2 - |mu|^2 + c) / (2 sqrt(c)) =: bound.
 * With c >= e^2 the factor of mu.z is between 0 and 1.
 * p^.z^ is a sum of integers times two scales, hence exact but for the roundings of fewer than twenty float32 operations
 * on numbers below 8, each off by less than 5e-7; ROUNDING covers these, the stored shift's own rounding, and that of the
 * threshold. (The integers: |P (2 h - 15)| <= 1,905 each, and |P (2 c - 63)| = |4 P (2 h - 15) + P (2 l - 3)| <= 8,001:
 * sums of 32 bits hold 260,000 dimensions. Within, sums of 16 bits hold what kernel/assembly/sums.ts adds up in them.)
 * The radius is measured in float32 sums of at most 1,024 terms a lane, relative error below 7e-5, of differences that
 * are each off by less than 2e-7 of values below 2; `radiusAbove` adds more than both.
 *
 * A template whose bound reaches the threshold is scored in float32 before it is scored exactly: a lane adds up fewer
 * than a quarter of the products, each addition and product off by 2^-24 of sums of sizes that are at most |q| |y|
 * together, so that 2^-23 for each dimension covers it, and 2^-22 the roundings of adding this and of the threshold.
 *
 * The search keeps the k best so far by their exact scores (for people: the best image of each), and `least`, the k-th
 * of these or the score that candidates must exceed. A template is passed over only when bound < least. `least` never
 * falls: a candidate joins only by pushing out or improving one. So the passed-over template has q.y <= bound < least
 * at the end too, strictly, and is not among the k best whatever its image id; every other template was given its
 * exact score (float32 values, double sums in the order of the index: the very number of `cosine`), and ties are broken
 * by image id among exact scores. The order in which templates are looked at, and the choice of codes, scales, means
 * and blocks, change only how many are looked at twice.
 */

import { TEMPLATE_NORM_TOLERANCE } from '../domain/template.ts'

/** Largest weight, of 8 signed bits. */
export const WEIGHT_MAX = 127
const NORM_MAX = 1 + TEMPLATE_NORM_TOLERANCE
/** The least square of a length that templates are taken to have relative to the mean. */
const SPREAD_MIN = 0.01
const ROUNDING = 1e-5

/** What a bound is computed from besides the codes, see the top of the file. */
export interface BoundTerms {
  /** Multiplies a row's scale and its sum, by the high plane alone and by both. */
  readonly coarseFactor: number
  readonly fineFactor: number
  /** Added to twice the sum of weights and numbers of the high plane, makes it the sum of P (2 h - 15). */
  readonly offset: number
  /** The same for the low plane and the sum of P (2 l - 3). */
  readonly lowOffset: number
  /** Multiplies a row's shift. */
  readonly shiftFactor: number
  /** Multiplies a row's radius. */
  readonly norm: number
  readonly constant: number
}

/** How far a cosine summed in float32 may be from the true one. */
export function float32Slack(dimension: number): number {
  return dimension * 2 ** -23 + 2 ** -22
}

/** A radius that is not below the true one, from one that was measured in float32. */
export function radiusAbove(measured: number): number {
  return measured * (1 + 1e-4) + 1e-6
}

/**
 * Turns a probe into the kernel's weights.
 * @param weights receives one for every dimension, then zeros
 */
export function weigh(probe: Float32Array, mean: Float32Array, weights: Int8Array): BoundTerms {
  const at = (vector: Float32Array, i: number): number => vector[i] ?? 0
  let largest = 0
  for (let i = 0; i < probe.length; i++) largest = Math.max(largest, Math.abs(at(probe, i) - at(mean, i)))
  const step = largest / WEIGHT_MAX
  let probeMean = 0
  let meanSquares = 0
  let errors = 0
  let sum = 0
  let squares = 0
  weights.fill(0, probe.length)
  for (let i = 0; i < probe.length; i++) {
    const mu = at(mean, i)
    const p = at(probe, i) - mu
    const weight = step === 0 ? 0 : Math.round(p / step)
    weights[i] = weight
    errors += (p - weight * step) ** 2
    sum += weight
    squares += weight * weight
    probeMean += at(probe, i) * mu
    meanSquares += mu * mu
  }
  const spread = Math.sqrt(Math.max(1 - meanSquares, SPREAD_MIN, errors))
  const error = Math.sqrt(errors)
  return {
    coarseFactor: 2 * step,
    fineFactor: step / 2,
    offset: -15 * sum,
    lowOffset: -3 * sum,
    shiftFactor: 1 - error / spread,
    norm: step * Math.sqrt(squares),
    constant: probeMean + (error * (NORM_MAX ** 2 - meanSquares + spread ** 2)) / (2 * spread) + ROUNDING,
  }
}
