import { describePhase, describeServer, describeSetup } from './describe.ts'
import { FIGURE_COLUMNS, figureCells, formatLimit, formatMeasured, formatRate } from './format.ts'
import { isPassed, type LoadReport } from './report.ts'

/** Codes that are named; the JSON report names all. */
const CODES_SHOWN = 10

/** The report as aligned columns. */
export function terminalReport(report: LoadReport): string {
  const { setup, totals, operations, phases, codes, limit, verdicts, remarks } = report
  const byOperation = Object.entries(operations)
  const rows = [
    ...(byOperation.length > 1 ? byOperation.map(([name, figures]) => [name, ...figureCells(figures)]) : []),
    ...(phases.length > 1 ? phases.map((phase) => [describePhase(phase, setup), ...figureCells(phase)]) : []),
    ['all', ...figureCells(totals)],
  ]
  const blocks = [
    aligned(describeSetup(report)),
    aligned([['', ...FIGURE_COLUMNS], ...rows], 'right'),
    ...(codes.length === 0
      ? []
      : [
          [
            'Refused and failed',
            ...aligned(
              codes
                .slice(0, CODES_SHOWN)
                .map(({ operation, code, outcome, count }) => [String(count), outcome, code, operation]),
            ),
            ...(codes.length > CODES_SHOWN ? [`  and ${codes.length - CODES_SHOWN} other codes`] : []),
          ],
        ]),
    aligned(describeServer(report)),
    ...(limit === null ? [] : [limitLines(limit)]),
    ...(verdicts.length === 0
      ? []
      : [
          [
            'Thresholds',
            ...aligned(
              verdicts.map(({ kind, limit, measured, isKept }) => [
                isKept ? 'kept' : 'MISSED',
                kind,
                formatLimit({ kind, limit }),
                `measured ${formatMeasured(kind, measured)}`,
              ]),
            ),
          ],
        ]),
    ...(remarks.length === 0 ? [] : [remarks.map((remark) => `! ${remark}`)]),
    ...(isPassed(report) ? [] : [['A threshold was missed.']]),
  ]
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function limitLines({ ratePerSecond, trials }: NonNullable<LoadReport['limit']>): readonly string[] {
  return [
    ratePerSecond === null
      ? 'No rate kept the thresholds.'
      : `The highest rate that keeps the thresholds: ${formatRate(ratePerSecond)}`,
    ...aligned(
      [
        ['', 'due', ...FIGURE_COLUMNS],
        ...trials.map((trial) => [
          trial.isKept ? 'kept' : 'MISSED',
          formatRate(trial.ratePerSecond),
          ...figureCells(trial.totals),
        ]),
      ],
      'right',
    ),
  ]
}

/** @param rest how columns after the first are aligned */
export function aligned(rows: readonly (readonly string[])[], rest: 'left' | 'right' = 'left'): string[] {
  const widths: number[] = []
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  const pad = (cell: string, i: number) =>
    i > 0 && rest === 'right' ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd())
}
