import { writeFile } from 'node:fs/promises'
import type { SkippedRow } from '../moving-in/skipped-row.ts'
import { csvRow } from './csv-row.ts'
import { printable } from './printable.ts'

/** More of them say nothing new on a terminal. */
const SHOWN_MAX = 20

/** Says what an import left out and why; `file`, which must not exist, gets all of it. */
export async function reportSkippedRows(skipped: readonly SkippedRow[], file: string | undefined): Promise<void> {
  if (file !== undefined) {
    const lines = skipped.map(({ row, reason }) => csvRow([row, reason]))
    await writeFile(file, csvRow(['row', 'reason']) + lines.join(''), { flag: 'wx', mode: 0o600 })
  }
  if (skipped.length === 0) {
    process.stdout.write('Nothing was left out\n')
    return
  }
  const rows = skipped.length === 1 ? 'row' : 'rows'
  process.stdout.write(`${skipped.length} ${rows} left out${file === undefined ? '' : `, all listed in ${file}`}:\n`)
  for (const { row, reason } of skipped.slice(0, SHOWN_MAX))
    process.stdout.write(`  ${printable(`${row}: ${reason}`)}\n`)
  const more = skipped.length - SHOWN_MAX
  if (more > 0)
    process.stdout.write(`  and ${more} more${file === undefined ? ' (--report <file> lists them all)' : ''}\n`)
}
