import type { AuditRow } from '../../domain/audit-records.ts'
import { auditRowAnswer } from './listing.ts'

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/x-ndjson; charset=utf-8',
}

const COLUMNS = ['id', 'at', 'username', 'action', 'target', 'outcome', 'address', 'request_id', 'details'] as const
/** Makes a spreadsheet read UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF'
/** What a spreadsheet would run as a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/

/** The log as lines of a file, a piece for each page. */
export async function* auditLines(
  pages: AsyncIterable<readonly AuditRow[]>,
  format: ExportFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield BYTE_ORDER_MARK + csvLine(COLUMNS)
  for await (const page of pages) yield page.map(format === 'csv' ? csvRow : jsonLine).join('')
}

function jsonLine(row: AuditRow): string {
  return `${JSON.stringify(auditRowAnswer(row))}\n`
}

function csvRow(row: AuditRow): string {
  const { details, ...facts } = auditRowAnswer(row)
  const cells = { ...facts, details: Object.keys(details).length === 0 ? null : JSON.stringify(details) }
  return csvLine(COLUMNS.map((column) => cells[column]))
}

/** RFC 4180. */
function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const harmless = FORMULA.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
