import { formatClock, formatMs, formatRate, formatShare } from '../format.ts'
import type { LoadReport } from '../report.ts'
import { barChart } from './bars.ts'
import { type Chart, type Line, lineChart } from './chart.ts'
import { ticksUpTo, timeTicks } from './scale.ts'

/** So that an empty queue is drawn over whole photos. */
const VALUE_TICKS = 4
const CODES_SHOWN = 8
const TIMES = 6
const RATES = 6
const MIB = 2 ** 20
const SECONDS_PER_HOUR = 3_600

/** Every chart of a report, in the order of reading. */
export function chartsOf(report: LoadReport): readonly string[] {
  const { limit } = report
  return [
    ...(limit === null ? [] : [limitChart(limit)]),
    throughputChart(report),
    latencyChart(report),
    codesChart(report),
    ...serverCharts(report),
  ]
}

/** A chart over the time of the run. */
export function overTime(
  seconds: number,
  title: string,
  sayValue: Chart['sayValue'],
  lines: readonly Line[],
  valueMin = 0,
): string {
  const ticks = timeTicks(seconds, TIMES)
  return lineChart({ title, lines, sayValue, valueMin, ticks, end: seconds, sayAt: formatClock })
}

function throughputChart({ seconds, slices, setup }: LoadReport): string {
  const points = (count: (slice: LoadReport['slices'][number]) => number) =>
    slices.map((slice) => [middle(slice), count(slice) / slice.seconds] as const)
  const { ratePerSecond } = setup
  const due: readonly Line[] =
    ratePerSecond === null || setup.scenario === 'ramp' || setup.scenario === 'spike'
      ? []
      : [
          {
            name: 'due',
            colour: 'fourth',
            isDashed: true,
            points: [
              [0, ratePerSecond],
              [seconds, ratePerSecond],
            ],
          },
        ]
  return overTime(seconds, 'Calls a second', sayNumber, [
    ...due,
    { name: 'answered', colour: 'good', points: points(({ answered }) => answered) },
    { name: 'refused', colour: 'busy', points: points(({ refused }) => refused) },
    { name: 'failed', colour: 'bad', points: points(({ failed }) => failed) },
  ])
}

function latencyChart({ seconds, slices }: LoadReport): string {
  const points = (key: 'p50Ms' | 'p95Ms' | 'p99Ms') =>
    slices.map((slice) => [middle(slice), slice.latency?.[key] ?? null] as const)
  return overTime(seconds, 'Latency', formatMs, [
    { name: 'p50', colour: 'first', points: points('p50Ms') },
    { name: 'p95', colour: 'second', points: points('p95Ms') },
    { name: 'p99', colour: 'third', points: points('p99Ms') },
  ])
}

function codesChart({ codes }: LoadReport): string {
  const bars = codes.slice(0, CODES_SHOWN).map(({ operation, code, outcome, count }) => ({
    name: `${code} (${operation})`,
    value: count,
    colour: outcome === 'refused' ? ('busy' as const) : ('bad' as const),
  }))
  return barChart('Refused and failed, by code', bars)
}

function serverCharts({ seconds, server }: LoadReport): readonly string[] {
  const { samples, rssTrend } = server
  if (samples.length === 0) return []
  const points = (value: (sample: (typeof samples)[number]) => number) =>
    samples.map((sample) => [sample.seconds, value(sample)] as const)
  const cpu: Line = { name: 'of its CPUs', colour: 'good', points: points(({ cpuShare }) => cpuShare) }
  const rss: Line = { name: 'resident', colour: 'good', points: points(({ rssBytes }) => rssBytes / MIB) }
  const heap: Line = {
    name: 'heap of JavaScript',
    colour: 'fourth',
    points: points(({ heapBytes }) => heapBytes / MIB),
  }
  const queue: Line = { name: 'photos', colour: 'good', points: points(({ queue }) => queue) }
  const mean = samples.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / samples.length
  const middleSeconds = samples.reduce((sum, sample) => sum + sample.seconds, 0) / samples.length
  const fitted = (at: number) => (mean + ((at - middleSeconds) * (rssTrend?.slope ?? 0)) / SECONDS_PER_HOUR) / MIB
  const [first = 0, last = 0] = [samples[0]?.seconds, samples.at(-1)?.seconds]
  const trend: readonly Line[] =
    rssTrend === null
      ? []
      : [
          {
            name: 'its slope',
            colour: 'busy',
            isDashed: true,
            points: [
              [first, fitted(first)],
              [last, fitted(last)],
            ],
          },
        ]
  return [
    overTime(seconds, 'CPU of the server', formatShare, [cpu], 1),
    overTime(seconds, 'Memory of the server', sayMib, [rss, heap, ...trend], 1),
    overTime(seconds, 'Photos that wait for a worker', sayNumber, [queue], VALUE_TICKS),
  ]
}

/** p99 over the rate that was due. */
function limitChart({ trials }: NonNullable<LoadReport['limit']>): string {
  const sorted = [...trials].sort((a, b) => a.ratePerSecond - b.ratePerSecond)
  const end = Math.max(...sorted.map(({ ratePerSecond }) => ratePerSecond), 0)
  const points = (isKept: boolean) =>
    sorted
      .filter((trial) => trial.isKept === isKept)
      .map(({ ratePerSecond, totals }) => [ratePerSecond, totals.latency?.p99Ms ?? null] as const)
  const ticks = ticksUpTo(end, RATES).filter((rate) => rate <= end)
  const lines: readonly Line[] = [
    { name: 'p99, thresholds kept', colour: 'good', isScattered: true, points: points(true) },
    { name: 'p99, missed', colour: 'bad', isScattered: true, points: points(false) },
  ]
  return lineChart({ title: 'Latency over the rate', lines, ticks, end, sayAt: formatRate, sayValue: formatMs })
}

function middle({ startSeconds, seconds }: LoadReport['slices'][number]): number {
  return startSeconds + seconds / 2
}

export function sayNumber(value: number): string {
  return String(Number(value.toFixed(value < 10 ? 2 : 0)))
}

function sayMib(value: number): string {
  return `${sayNumber(value)} MiB`
}
