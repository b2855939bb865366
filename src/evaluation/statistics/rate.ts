/** How often something happened, with the 95 % confidence interval of its probability. */
export interface Rate {
  readonly hits: number
  readonly trials: number
  /** hits / trials. */
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Two-sided 95 % point of the standard normal distribution. */
const Z95 = 1.959963984540054

/**
 * A rate with Wilson's score interval, which stays inside 0 to 1 and is right at 0 and 100 % too (Wilson, "Probable
 * inference, the law of succession, and statistical inference", 1927). It takes trials as independent; comparisons that
 * share a photo are not quite, so with few people the truth may lie further away.
 * @returns null without trials
 */
export function rateOf(hits: number, trials: number): Rate | null {
  if (trials === 0) return null
  if (!(hits >= 0 && hits <= trials)) throw new RangeError(`${hits} of ${trials} is no rate`)
  const value = hits / trials
  const scale = 1 + Z95 ** 2 / trials
  const centre = (value + Z95 ** 2 / (2 * trials)) / scale
  const half = (Z95 / scale) * Math.sqrt((value * (1 - value)) / trials + Z95 ** 2 / (4 * trials ** 2))
  return {
    hits,
    trials,
    value,
    low: hits === 0 ? 0 : Math.max(0, centre - half),
    high: hits === trials ? 1 : Math.min(1, centre + half),
  }
}
