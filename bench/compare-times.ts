export interface Comparison {
  /** Of the medians. */
  readonly difference: number
  /** Between the quartiles of the first sample. */
  readonly noise: number
  /** Probability that one of the second sample is above one of the first; 0.5 tells nothing. */
  readonly superiority: number
  /** Two-sided, of the Mann-Whitney U test with the normal approximation. */
  readonly p: number
}

/** Whether two samples can be told apart (Mann and Whitney 1947). @param first, second 20 values or more */
export function compareTimes(first: readonly number[], second: readonly number[]): Comparison {
  const all = [...first.map((value) => ({ value, of: 1 })), ...second.map((value) => ({ value, of: 2 }))]
  all.sort((a, b) => a.value - b.value)
  // Times of this resolution hardly ever tie; ties would only make p a little larger.
  const rankSum = all.reduce((sum, { of }, index) => (of === 2 ? sum + index + 1 : sum), 0)
  const [n, m] = [first.length, second.length]
  const u = rankSum - (m * (m + 1)) / 2
  const z = (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12)
  return {
    difference: median(second) - median(first),
    noise: quantile(first, 0.75) - quantile(first, 0.25),
    superiority: u / (n * m),
    p: 2 * normalTail(Math.abs(z)),
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** P(Z > z) for z of 0 or more: Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)) * series
}
