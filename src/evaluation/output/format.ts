import type { Measure } from '../report.ts'
import type { Rate } from '../statistics/rate.ts'

const SCORE_DIGITS = 4

/** `99.52 %`, `0.9300`, `208`, `35 ms`; a dash where there is nothing to say. */
export function formatValue(value: number | null, unit: Measure['unit']): string {
  if (value === null) return '–'
  switch (unit) {
    case 'proportion':
      return formatProportion(value)
    case 'score':
      return value.toFixed(SCORE_DIGITS)
    case 'count':
      return String(value)
    case 'milliseconds':
      return `${value.toFixed(0)} ms`
  }
}

/** `208 of 209` for a rate, nothing for other values. */
export function formatCounts(rate: Rate | null): string {
  return rate === null ? '' : `${rate.hits} of ${rate.trials}`
}

/** `97.34 to 99.92 %` for a rate, nothing for other values. */
export function formatInterval(rate: Rate | null): string {
  return rate === null ? '' : `${formatProportion(rate.low).replace(' %', '')} to ${formatProportion(rate.high)}`
}

export function formatCell(cell: Rate | number | null, unit: Measure['unit']): string {
  return typeof cell === 'object' ? formatValue(cell?.value ?? null, unit) : formatValue(cell, unit)
}

function formatProportion(value: number): string {
  const percent = 100 * value
  return `${percent.toFixed(percent < 1 && percent > 0 ? 3 : 2)} %`
}
