import { type Rate, rateOf } from './rate.ts'
import { at, countAbove, type ScoreSet } from './scores.ts'

/** What a decision threshold does to the two errors of verification (ISO/IEC 19795-1). */
export interface OperatingPoint {
  readonly threshold: number
  /** False match rate: impostor comparisons that score above the threshold. */
  readonly fmr: Rate | null
  /** False non-match rate: genuine comparisons that do not. */
  readonly fnmr: Rate | null
}

export function operatingPoint({ genuine, impostor }: ScoreSet, threshold: number): OperatingPoint {
  return {
    threshold,
    fmr: rateOf(countAbove(impostor, threshold), impostor.length),
    fnmr: rateOf(genuine.length - countAbove(genuine, threshold), genuine.length),
  }
}

/**
 * The least threshold that lets at most this part of the scores above it.
 * @param sorted rising
 * @returns null where there are too few scores to speak of such a part: the least that could be counted is 1 / n
 */
export function thresholdForRate(sorted: Float64Array, rateMax: number): number | null {
  if (sorted.length === 0 || 1 / sorted.length > rateMax) return null
  // The nudge keeps 0.29 × 100 = 28.999… from losing a whole comparison.
  const allowed = Math.floor(rateMax * sorted.length + 1e-9)
  return at(sorted, sorted.length - 1 - Math.min(allowed, sorted.length - 1))
}

export interface EqualErrorRate {
  readonly value: number
  readonly threshold: number
}

/**
 * Where FMR and FNMR are as near to each other as the scores allow; the mean of the two there.
 * @returns null without genuine or without impostor scores
 */
export function equalErrorRate({ genuine, impostor }: ScoreSet): EqualErrorRate | null {
  if (genuine.length === 0 || impostor.length === 0) return null
  const rates = (threshold: number) => {
    const fmr = countAbove(impostor, threshold) / impostor.length
    return { fmr, fnmr: 1 - countAbove(genuine, threshold) / genuine.length }
  }
  // FMR falls and FNMR rises with the threshold, so they cross once, at an impostor or at a genuine score.
  const candidates = [crossing(impostor, rates), crossing(genuine, rates)].flat()
  let best: EqualErrorRate & { gap: number } = { value: 1, threshold: 1, gap: Number.POSITIVE_INFINITY }
  for (const threshold of candidates) {
    const { fmr, fnmr } = rates(threshold)
    const gap = Math.abs(fmr - fnmr)
    if (gap < best.gap) best = { value: (fmr + fnmr) / 2, threshold, gap }
  }
  return { value: best.value, threshold: best.threshold }
}

/** The scores on both sides of the place where FNMR overtakes FMR. */
function crossing(sorted: Float64Array, rates: (threshold: number) => { fmr: number; fnmr: number }): number[] {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    const { fmr, fnmr } = rates(at(sorted, middle))
    if (fnmr >= fmr) high = middle
    else low = middle + 1
  }
  return [at(sorted, Math.max(0, low - 1)), at(sorted, low)]
}
