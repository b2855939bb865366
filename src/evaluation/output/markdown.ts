import type { Report } from '../evaluate.ts'
import type { Section } from '../report.ts'
import { formatCell, formatCounts, formatInterval, formatValue } from './format.ts'

/** Photos that are named under a section; the JSON report names all. */
const MISSES_SHOWN = 30

/** The report as a Markdown page. */
export function markdownReport({ pack, surroundings, sections, targets }: Report): string {
  const { commit, cpu, cpus, memoryGiB, platform, node, packages, date, command } = surroundings
  const where: [string, string][] = [
    ['pack', `${pack.name} (${pack.modelId}), threshold ${pack.threshold}`],
    ['date', date],
    ['commit', commit ?? 'not in a git checkout'],
    ['machine', `${cpus} × ${cpu}, ${memoryGiB} GiB, ${platform}`],
    ['Node', node],
    [
      'packages',
      Object.entries(packages)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ['command', `\`${command}\``],
  ]
  return `${[
    `# Evaluation of the pack ${pack.name}`,
    'Intervals are 95 % (Wilson), for independent trials. Terms after ISO/IEC 19795-1.',
    table(['', ''], where),
    ...(targets.length === 0
      ? []
      : [
          '## Targets',
          table(
            ['target', 'measured', ''],
            targets.map(({ wanted, measured, met }) => [wanted, measured, met ? 'met' : '**missed**']),
          ),
        ]),
    ...sections.flatMap(sectionParts),
  ].join('\n\n')}\n`
}

function sectionParts({ set, protocol, description, measures, tables, misses }: Section): string[] {
  const rows = measures.map(({ label, value, unit, rate }) => [
    label,
    formatValue(value, unit),
    formatCounts(rate),
    formatInterval(rate),
  ])
  return [
    `## ${plainText(set)}: ${protocol}`,
    plainText(description),
    table(['measure', 'value', 'counts', '95 % interval'], rows),
    ...tables.flatMap(({ title, columns, rows }) => [
      `### ${title}`,
      table(
        columns.map(({ label }) => label),
        rows.map((row) => row.map((cell, column) => formatCell(cell, columns[column]?.unit ?? 'score'))),
      ),
    ]),
    ...(misses.length === 0
      ? []
      : [
          '### What came out wrong',
          [
            ...misses.slice(0, MISSES_SHOWN).map(({ photo, reason }) => `- ${plainText(photo)}: ${plainText(reason)}`),
            ...(misses.length > MISSES_SHOWN ? [`- and ${misses.length - MISSES_SHOWN} more`] : []),
          ].join('\n'),
        ]),
  ]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plainText).join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}

/** Names of files may hold what Markdown, or a terminal that shows it, would take for more than text. */
function plainText(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '?').replaceAll(/[|<]/g, (character) => `\\${character}`)
}
