import { describePhase, describeServer, describeSetup } from '../describe.ts'
import {
  FIGURE_COLUMNS,
  figureCells,
  formatLimit,
  formatMeasured,
  formatMib,
  formatMs,
  formatRate,
  formatShare,
} from '../format.ts'
import type { LoadReport } from '../report.ts'
import { chartsOf } from './charts.ts'
import { escaped, table } from './markup.ts'
import { STYLE } from './style.ts'

/** The report as one page that needs nothing else: no script, no font, no network. */
export function htmlReport(report: LoadReport): string {
  const { setup, verdicts, remarks, wasEndedEarly } = report
  return document(`Load test: ${setup.scenario}`, [
    `<p class="soft">${escaped(`${setup.url}, ${report.at}${wasEndedEarly ? ', ended early' : ''}`)}</p>`,
    ...verdicts.map(
      ({ kind, limit, measured, isKept }) =>
        `<p class="verdict${isKept ? '' : ' missed'}">${escaped(
          `${isKept ? 'Kept' : 'Missed'}: ${kind} ${formatLimit({ kind, limit })}, measured ${formatMeasured(kind, measured)}`,
        )}</p>`,
    ),
    tiles(report),
    ...remarks.map((remark) => `<p class="remark">${escaped(remark)}</p>`),
    `<h2>Over time</h2><div class="charts">${chartsOf(report).join('\n')}</div>`,
    figureTables(report),
    `<h2>What was done</h2>${table([], describeSetup(report))}`,
    `<h2>The machines</h2>${table([], describeServer(report))}`,
    '<p class="soft">Latencies are of answers, and of what was waited for in vain; refusals (429, 503) are counted apart.</p>',
  ])
}

export function document(title: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(title)}</h1>
${parts.join('\n')}
</body></html>
`
}

function tiles({ totals, server, limit }: LoadReport): string {
  const { latency } = totals
  const shown: readonly (readonly [string, string])[] = [
    ...(limit === null
      ? []
      : [[limit.ratePerSecond === null ? 'none' : formatRate(limit.ratePerSecond), 'highest rate'] as const]),
    [formatRate(totals.answeredPerSecond), 'answered'],
    [formatMs(latency?.p50Ms), 'p50'],
    [formatMs(latency?.p95Ms), 'p95'],
    [formatMs(latency?.p99Ms), 'p99'],
    [formatShare(totals.failedShare), `failed (${totals.failed})`],
    [formatShare(totals.refusedShare), `refused (${totals.refused})`],
    [formatShare(server.cpuShareMean), 'server CPU'],
    [formatMib(server.rssBytesMax), 'server memory at most'],
  ]
  return `<div class="tiles">${shown
    .map(([value, name]) => `<div><b>${escaped(value)}</b><span>${escaped(name)}</span></div>`)
    .join('')}</div>`
}

function figureTables({ setup, operations, phases, totals, limit }: LoadReport): string {
  const rows = [
    ...Object.entries(operations).map(([name, figures]) => [name, ...figureCells(figures)]),
    ...(phases.length > 1 ? phases.map((phase) => [describePhase(phase, setup), ...figureCells(phase)]) : []),
    ['all', ...figureCells(totals)],
  ]
  const figures = `<h2>Figures</h2><div class="figures">${table(['', ...FIGURE_COLUMNS], rows)}</div>`
  if (limit === null) return figures
  const trials = limit.trials.map((trial) => [
    `${formatRate(trial.ratePerSecond)} ${trial.isKept ? 'kept' : 'missed'}`,
    ...figureCells(trial.totals),
  ])
  return `${figures}<h2>Rates that were tried</h2><div class="figures">${table(['due', ...FIGURE_COLUMNS], trials)}</div>`
}
