import type { Connections } from './client/target.ts'
import type { Driver } from './drive.ts'
import { findLimit, type Limit } from './find-limit.ts'
import { type Measured, measure } from './measure.ts'
import type { Plan } from './plan.ts'
import type { Watcher } from './watcher.ts'

/** Of what clients without a rate reached, where the search begins. */
const FIRST_SHARE = 0.6

export interface Found {
  readonly limit: Limit
  /** Of the last trial at the highest rate that kept the thresholds, or of the last of all where none did. */
  readonly measured: Measured
}

/** Loads with one rate after the other; begins below what a closed loop reaches. */
export async function searchLimit(
  plan: Plan,
  driver: Driver,
  aside: Connections,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<Found> {
  const load = {
    shape: 'steady',
    seconds: plan.seconds,
    clients: plan.clients,
    metricsToken: plan.metricsToken,
  } as const
  const closed = await measure({ ...load, ratePerSecond: null }, driver, aside, watcher, signal)
  const byRate = new Map<number, Measured>()
  let last = closed
  const limit = await findLimit(
    FIRST_SHARE * closed.recorded.totals.answeredPerSecond,
    plan.thresholds,
    async (ratePerSecond) => {
      if (signal.aborted) return null
      last = await measure({ ...load, ratePerSecond }, driver, aside, watcher, signal)
      byRate.set(ratePerSecond, last)
      return signal.aborted ? null : last.recorded.totals
    },
  )
  return { limit, measured: (limit.ratePerSecond === null ? undefined : byRate.get(limit.ratePerSecond)) ?? last }
}
