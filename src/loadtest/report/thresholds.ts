import type { Figures } from '../measuring/tally.ts'

export type ThresholdKind = 'p99-max' | 'errors-max' | 'refusals-max' | 'throughput-min'

export interface Threshold {
  readonly kind: ThresholdKind
  /** Milliseconds, a share of all calls (0 to 1), or answers a second. */
  readonly limit: number
}

export interface Verdict extends Threshold {
  /** Null where nothing was measured, which keeps no threshold. */
  readonly measured: number | null
  readonly isKept: boolean
}

export function judge(thresholds: readonly Threshold[], totals: Figures): readonly Verdict[] {
  const nothing = totals.answered + totals.refused + totals.failed === 0
  return thresholds.map(({ kind, limit }) => {
    const measured = nothing ? null : measuredOf(kind, totals)
    const isKept = measured !== null && (kind === 'throughput-min' ? measured >= limit : measured <= limit)
    return { kind, limit, measured, isKept }
  })
}

function measuredOf(kind: ThresholdKind, totals: Figures): number | null {
  switch (kind) {
    case 'p99-max':
      return totals.latency?.p99Ms ?? null
    case 'errors-max':
      return totals.failedShare
    case 'refusals-max':
      return totals.refusedShare
    case 'throughput-min':
      return totals.answeredPerSecond
  }
}
