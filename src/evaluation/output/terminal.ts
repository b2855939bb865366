import type { Report } from '../evaluate.ts'
import type { Section } from '../report.ts'
import { formatCell, formatCounts, formatInterval, formatValue } from './format.ts'

/** Photos that are named under a table; the JSON report names all. */
const MISSES_SHOWN = 10

/** The report as aligned columns. */
export function terminalReport({ sections, targets }: Report): string {
  const blocks = sections.map(sectionText)
  if (targets.length > 0) {
    const rows = targets.map(({ wanted, measured, met }) => [met ? 'met' : 'MISSED', wanted, measured])
    blocks.push(['Targets', ...aligned(rows)].join('\n'))
  }
  return `${blocks.join('\n\n')}\n`
}

function sectionText({ set, protocol, description, measures, tables, misses }: Section): string {
  const lines = [`${set}: ${protocol}`, `  ${description}`]
  lines.push(
    ...aligned(
      measures.map(({ label, value, unit, rate }) => [
        label,
        formatValue(value, unit),
        formatCounts(rate),
        formatInterval(rate),
      ]),
    ),
  )
  for (const { title, columns, rows } of tables) {
    const cells = rows.map((row) => row.map((cell, column) => formatCell(cell, columns[column]?.unit ?? 'score')))
    lines.push(`  ${title}`, ...aligned([columns.map(({ label }) => label), ...cells]))
  }
  for (const { photo, reason } of misses.slice(0, MISSES_SHOWN)) lines.push(`  ! ${oneLine(photo)}: ${oneLine(reason)}`)
  if (misses.length > MISSES_SHOWN) lines.push(`  ! and ${misses.length - MISSES_SHOWN} more`)
  return lines.join('\n')
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
}

/** File names may hold anything, escape codes of terminals too. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?')
}
