import { formatMib, formatMs, formatRate, formatShare } from './format.ts'
import type { LoadReport } from './report.ts'

export interface Difference {
  readonly name: string
  readonly before: number | null
  readonly after: number | null
  readonly say: (value: number) => string
  /** How much worse it became, as a share of what it was; negative where better. Null where that cannot be said. */
  readonly worseBy: number | null
}

export interface Comparison {
  readonly differences: readonly Difference[]
  /** In what the two were not alike, which may be why they differ. */
  readonly unlike: readonly string[]
}

type Reading = (report: LoadReport) => number | null | undefined

const READINGS: readonly {
  readonly name: string
  readonly read: Reading
  readonly say: (value: number) => string
  readonly better: 'higher' | 'lower'
}[] = [
  { name: 'answered a second', read: ({ totals }) => totals.answeredPerSecond, say: formatRate, better: 'higher' },
  { name: 'p50', read: ({ totals }) => totals.latency?.p50Ms, say: formatMs, better: 'lower' },
  { name: 'p95', read: ({ totals }) => totals.latency?.p95Ms, say: formatMs, better: 'lower' },
  { name: 'p99', read: ({ totals }) => totals.latency?.p99Ms, say: formatMs, better: 'lower' },
  { name: 'failed', read: ({ totals }) => totals.failedShare, say: formatShare, better: 'lower' },
  { name: 'refused', read: ({ totals }) => totals.refusedShare, say: formatShare, better: 'lower' },
  { name: 'server CPU', read: ({ server }) => server.cpuShareMean, say: formatShare, better: 'lower' },
  { name: 'server memory at most', read: ({ server }) => server.rssBytesMax, say: formatMib, better: 'lower' },
  { name: 'highest rate', read: ({ limit }) => limit?.ratePerSecond, say: formatRate, better: 'higher' },
]

export function compareReports(before: LoadReport, after: LoadReport): Comparison {
  const differences = READINGS.map(({ name, read, say, better }): Difference => {
    const [was, is] = [read(before) ?? null, read(after) ?? null]
    const change = was === null || is === null ? null : changeOf(was, is)
    return { name, before: was, after: is, say, worseBy: change === null || better === 'lower' ? change : -change }
  })
  return {
    differences: differences.filter((difference) => difference.before !== null || difference.after !== null),
    unlike: unlikeIn(before, after),
  }
}

function changeOf(was: number, is: number): number | null {
  if (was === is) return 0
  return was === 0 ? null : (is - was) / was
}

function unlikeIn({ setup: a, ...before }: LoadReport, { setup: b, ...after }: LoadReport): readonly string[] {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['server', a.url, b.url],
    ['version', before.identity.version, after.identity.version],
    ['model', before.identity.model, after.identity.model],
    ['workers', before.identity.workers, after.identity.workers],
    ['people before', before.identity.people, after.identity.people],
    ['scenario', a.scenario, b.scenario],
    ['work', a.work, b.work],
    ['clients', a.clients, b.clients],
    ['rate', a.ratePerSecond, b.ratePerSecond],
    ['seconds', a.plannedSeconds, b.plannedSeconds],
    ['photos', a.photos, b.photos],
    ['bytes a photo', a.photoBytesMean, b.photoBytesMean],
    ['ended early', before.wasEndedEarly, after.wasEndedEarly],
  ]
  return pairs
    .filter(([, was, is]) => was !== is)
    .map(([name, was, is]) => `${name}: ${String(was ?? 'none')}, ${String(is ?? 'none')}`)
}

/** As columns: what, before, after, change. */
export function comparisonRows({ differences }: Comparison): readonly (readonly string[])[] {
  return differences.map(({ name, before, after, say, worseBy }) => [
    name,
    before === null ? '–' : say(before),
    after === null ? '–' : say(after),
    changeText(before, after, worseBy),
  ])
}

function changeText(before: number | null, after: number | null, worseBy: number | null): string {
  if (before === null || after === null) return ''
  if (before === after) return 'the same'
  const judged = worseBy === null ? 'worse' : worseBy > 0 ? 'worse' : 'better'
  if (before === 0) return judged
  const change = (after - before) / before
  return `${change < 0 ? '−' : '+'}${formatShare(Math.abs(change))}, ${judged}`
}
