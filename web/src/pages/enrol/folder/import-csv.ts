import { type Cell, csvOf } from '../../../download/csv.ts'
import type { Messages } from '../../../locales/vi.ts'
import type { ImportRow } from './import-row.ts'

/** What became of every photo of the folder, for a spreadsheet. */
export function importCsv(
  rows: readonly ImportRow[],
  text: Messages['enrol']['folder'],
  problem: (error: unknown) => string,
): string {
  const { csv } = text
  const head: readonly Cell[] = [csv.person, csv.id, csv.file, csv.result, csv.reason]
  const lines = rows.flatMap((row) =>
    row.files.map((file, index): readonly Cell[] => {
      const outcome = row.outcomes[index] ?? null
      const result = outcome === null ? text.csvWaiting : outcome.kind === 'added' ? text.csvAdded : text.csvRefused
      const reason =
        outcome?.kind === 'refused'
          ? problem(outcome.error)
          : outcome?.kind === 'elsewhere'
            ? text.sameAs(outcome.known.person.name)
            : row.error === null
              ? ''
              : problem(row.error)
      return [row.name, row.person?.id ?? null, file.webkitRelativePath || file.name, result, reason]
    }),
  )
  return csvOf([head, ...lines])
}
