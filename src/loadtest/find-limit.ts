import type { Figures } from './measuring/tally.ts'
import { judge, type Threshold } from './report/thresholds.ts'

export interface Trial {
  readonly ratePerSecond: number
  readonly totals: Figures
  readonly isKept: boolean
}

export interface Limit {
  /** The highest rate that was tried and kept the thresholds; null where none did. */
  readonly ratePerSecond: number | null
  readonly trials: readonly Trial[]
}

/** The limit is known when the lowest rate that failed is at most so many times the highest that did not. */
const CLOSE_ENOUGH = 1.05
const GROWTH = 1.5
const TRIALS_MAX = 20
/** Below it, a trial has too few calls for a percentile. */
const RATE_MIN = 0.2
/** Of what was asked for must be answered: a queue that grows is not kept up with, quick as its answers may be yet. */
const ANSWERED_MIN = 0.95

/**
 * The highest rate that keeps the thresholds: up until one fails, then halving the gap. The limit is of a machine with
 * noise; a rate that fails is tried once more before it counts.
 * @param tryRate loads with the rate and answers with what came of it; null where it was ended early
 */
export async function findLimit(
  firstRate: number,
  thresholds: readonly Threshold[],
  tryRate: (ratePerSecond: number) => Promise<Figures | null>,
): Promise<Limit> {
  const trials: Trial[] = []
  let kept: number | null = null
  let failed: number | null = null
  let rate = Math.max(RATE_MIN, firstRate)
  while (trials.length < TRIALS_MAX && rate >= RATE_MIN) {
    const trial = await tryTwice(rate, thresholds, tryRate, trials)
    if (trial === null) break
    if (trial) kept = rate
    else failed = rate
    if (kept !== null && failed !== null && failed <= kept * CLOSE_ENOUGH) break
    rate = nextRate(kept, failed)
  }
  return { ratePerSecond: kept, trials }
}

function nextRate(kept: number | null, failed: number | null): number {
  if (failed === null) return (kept ?? RATE_MIN) * GROWTH
  return kept === null ? failed / 2 : Math.sqrt(kept * failed)
}

/** @returns whether the rate was kept; null where it was ended early */
async function tryTwice(
  rate: number,
  thresholds: readonly Threshold[],
  tryRate: (ratePerSecond: number) => Promise<Figures | null>,
  trials: Trial[],
): Promise<boolean | null> {
  for (const last of [false, true]) {
    const totals = await tryRate(rate)
    if (totals === null) return null
    const isKept =
      totals.answeredPerSecond >= ANSWERED_MIN * rate && judge(thresholds, totals).every((verdict) => verdict.isKept)
    trials.push({ ratePerSecond: rate, totals, isKept })
    if (isKept || last) return isKept
  }
  return false
}
