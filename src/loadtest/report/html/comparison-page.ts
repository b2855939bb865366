import { type Comparison, comparisonRows } from '../compare.ts'
import { formatMs } from '../format.ts'
import type { LoadReport } from '../report.ts'
import type { Line } from './chart.ts'
import { overTime, sayNumber } from './charts.ts'
import { escaped, table } from './markup.ts'
import { document } from './page.ts'

/** Two reports beside each other, as one page that needs nothing else. */
export function comparisonPage(comparison: Comparison, before: LoadReport, after: LoadReport): string {
  const seconds = Math.max(before.seconds, after.seconds)
  const both = (value: (slice: LoadReport['slices'][number]) => number | null): readonly Line[] =>
    [
      { name: 'before', colour: 'busy' as const, report: before },
      { name: 'after', colour: 'good' as const, report: after },
    ].map(({ name, colour, report }) => ({
      ...{ name, colour },
      points: report.slices.map((slice) => [slice.startSeconds + slice.seconds / 2, value(slice)] as const),
    }))
  return document(`Load tests compared: ${after.setup.scenario}`, [
    `<p class="soft">${escaped(`before: ${before.at}, after: ${after.at}`)}</p>`,
    ...comparison.unlike.map((unlike) => `<p class="remark">${escaped(`Not alike: ${unlike}`)}</p>`),
    `<h2>Figures</h2><div class="figures">${table(['', 'before', 'after', 'change'], comparisonRows(comparison))}</div>`,
    '<h2>Over time</h2><div class="charts">',
    overTime(
      seconds,
      'Answers a second',
      sayNumber,
      both((slice) => slice.answered / slice.seconds),
    ),
    overTime(
      seconds,
      'Latency, p50',
      formatMs,
      both(({ latency }) => latency?.p50Ms ?? null),
    ),
    overTime(
      seconds,
      'Latency, p99',
      formatMs,
      both(({ latency }) => latency?.p99Ms ?? null),
    ),
    '</div>',
  ])
}
