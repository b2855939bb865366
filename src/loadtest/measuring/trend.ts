/** How a series goes up or down in the long run. */
export interface Trend {
  readonly samples: number
  /** Per hour. */
  readonly slope: number
  readonly standardError: number
  /** Whether the slope is less than two standard errors away from none. */
  readonly isWithinNoise: boolean
}

const SECONDS_PER_HOUR = 3_600
/** A minute: what a server has just begun to do says nothing of the long run. */
const SAMPLES_MIN = 60
const ERRORS_FROM_ZERO = 2
/** What is left of a sample's own word where it is nearly the same as the one before. */
const CORRELATION_MAX = 0.99

/**
 * Least squares through points of time and value. Neighbouring readings of a process resemble each other, so they say
 * less than as many independent ones would: the standard error is widened by the correlation of neighbouring residuals,
 * as for an autoregressive process of order one.
 * @param points times in seconds, in order @returns null where there are too few
 */
export function trendOf(points: readonly { readonly seconds: number; readonly value: number }[]): Trend | null {
  const samples = points.length
  if (samples < SAMPLES_MIN) return null
  const meanTime = meanOf(points.map(({ seconds }) => seconds))
  const meanValue = meanOf(points.map(({ value }) => value))
  const spread = sumOf(points.map(({ seconds }) => (seconds - meanTime) ** 2))
  if (spread === 0) return null
  const slope = sumOf(points.map(({ seconds, value }) => (seconds - meanTime) * (value - meanValue))) / spread
  const residuals = points.map(({ seconds, value }) => value - meanValue - slope * (seconds - meanTime))
  const squares = sumOf(residuals.map((residual) => residual ** 2))
  const neighbours = sumOf(residuals.slice(1).map((residual, index) => residual * (residuals[index] ?? 0)))
  const correlation = squares === 0 ? 0 : Math.min(CORRELATION_MAX, Math.max(0, neighbours / squares))
  const independent = Math.sqrt(squares / (samples - 2) / spread)
  const standardError = independent * Math.sqrt((1 + correlation) / (1 - correlation))
  return {
    samples,
    slope: slope * SECONDS_PER_HOUR,
    standardError: standardError * SECONDS_PER_HOUR,
    isWithinNoise: Math.abs(slope) <= ERRORS_FROM_ZERO * standardError,
  }
}

function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
