import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Refusal } from '../../domain/errors.ts'

/** Two photos that are compared, and whether they show one person. */
export interface Comparison {
  readonly a: string
  readonly b: string
  readonly same: boolean
  /** Empty where the comparisons are not divided. */
  readonly fold: string
}

const COLUMNS = ['fold', 'file_a', 'file_b', 'same'] as const

/**
 * Reads comparisons from a CSV file with the columns fold, file_a, file_b and same (1 or 0), in any order; fold may be
 * missing. Files are named relative to the CSV file.
 * @throws Refusal `file-invalid` naming the line
 */
export async function readPairsFile(file: string): Promise<readonly Comparison[]> {
  const [head, ...lines] = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').split(/\r?\n/)
  const titles = cells(head ?? '').map((title) => title.toLowerCase())
  const [fold, a, b, same] = COLUMNS.map((column) => titles.indexOf(column))
  if (fold === undefined || a === undefined || b === undefined || same === undefined || Math.min(a, b, same) < 0)
    throw new Refusal('file-invalid', { file, line: 1, reason: `needs the columns ${COLUMNS.join(', ')}` })
  const folder = dirname(file)
  const comparisons = lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const row = cells(line)
    const [fileA, fileB, label] = [row[a], row[b], row[same]]
    if (row.length !== titles.length || !fileA || !fileB || (label !== '0' && label !== '1'))
      throw new Refusal('file-invalid', { file, line: index + 2, reason: 'is not fold, two files and 1 or 0' })
    return [{ a: join(folder, fileA), b: join(folder, fileB), same: label === '1', fold: row[fold] ?? '' }]
  })
  if (comparisons.length === 0) throw new Refusal('file-invalid', { file, reason: 'holds no pairs' })
  return comparisons
}

/** Cells of a line; those with commas stand in double quotes. */
function cells(line: string): string[] {
  const found = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)
  return [...found].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '')
}
