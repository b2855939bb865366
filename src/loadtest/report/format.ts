import type { Figures } from '../measuring/tally.ts'
import type { Threshold } from './thresholds.ts'

const SECONDS_PER_MINUTE = 60
const MIB = 2 ** 20
const MS_PER_SECOND = 1_000

/** `8.4 ms`, `153 ms`, `2.41 s`. */
export function formatMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  if (ms >= 10_000) return `${(ms / MS_PER_SECOND).toFixed(1)} s`
  if (ms >= MS_PER_SECOND) return `${(ms / MS_PER_SECOND).toFixed(2)} s`
  return ms >= 10 || ms === 0 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`
}

/** `0 %`, `0.02 %`, `12.5 %`. */
export function formatShare(share: number | null): string {
  if (share === null) return '–'
  const percent = 100 * share
  return percent > 0 && percent < 1 ? `${percent.toPrecision(2)} %` : `${Number(percent.toFixed(1))} %`
}

/** `0.42/s`, `38.1/s`, `1240/s`. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0/s'
  return `${perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toPrecision(3)}/s`
}

export function formatMib(bytes: number | null): string {
  return bytes === null ? '–' : `${(bytes / MIB).toFixed(0)} MiB`
}

/** `0:42`, `30:00`. */
export function formatClock(seconds: number): string {
  const whole = Math.floor(seconds)
  return `${Math.floor(whole / SECONDS_PER_MINUTE)}:${String(whole % SECONDS_PER_MINUTE).padStart(2, '0')}`
}

/** Slope and standard error, MiB an hour. */
export function formatSlope({ slope, standardError }: { slope: number; standardError: number }): string {
  return `${slope < 0 ? '−' : '+'}${(Math.abs(slope) / MIB).toFixed(1)} ± ${(standardError / MIB).toFixed(1)} MiB/h`
}

export function formatLimit({ kind, limit }: Threshold): string {
  return formatMeasured(kind, limit)
}

export function formatMeasured(kind: Threshold['kind'], value: number | null): string {
  if (value === null) return 'nothing'
  if (kind === 'p99-max') return formatMs(value)
  return kind === 'throughput-min' ? formatRate(value) : formatShare(value)
}

/** The columns of a table of figures, and a row of it. */
export const FIGURE_COLUMNS = ['answered', 'a second', 'p50', 'p95', 'p99', 'longest', 'refused', 'failed'] as const

export function figureCells({ answered, answeredPerSecond, latency, refused, failed }: Figures): readonly string[] {
  const { p50Ms, p95Ms, p99Ms, maxMs } = latency ?? {}
  return [
    String(answered),
    formatRate(answeredPerSecond),
    ...[p50Ms, p95Ms, p99Ms, maxMs].map(formatMs),
    String(refused),
    String(failed),
  ]
}
