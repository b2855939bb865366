import { access, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Command } from 'commander'
import { compareReports, comparisonRows } from '../../loadtest/report/compare.ts'
import { formatShare } from '../../loadtest/report/format.ts'
import { comparisonPage } from '../../loadtest/report/html/comparison-page.ts'
import { readReport } from '../../loadtest/report/read-report.ts'
import { aligned } from '../../loadtest/report/terminal.ts'
import { parseShare } from './parse-option.ts'

interface CompareOptions {
  readonly worseMax?: number
  readonly report?: string
}

export function compareCommand(): Command {
  return new Command('compare')
    .description('compare two reports that --json wrote')
    .argument('<before>', 'JSON file')
    .argument('<after>', 'JSON file')
    .option('--worse-max <share>', 'fail where any figure became worse by more, such as 10%', parseShare)
    .option('--report <file>', 'write the comparison there as an HTML page with charts')
    .action(compare)
}

async function compare(beforeFile: string, afterFile: string, { worseMax, report }: CompareOptions): Promise<void> {
  if (report !== undefined) await access(dirname(report))
  const [before, after] = await Promise.all([readReport(beforeFile), readReport(afterFile)])
  const comparison = compareReports(before, after)
  const lines = [
    ...aligned([['', 'before', 'after', 'change'], ...comparisonRows(comparison)]),
    ...comparison.unlike.map((unlike) => `! Not alike: ${unlike}`),
  ]
  if (report !== undefined) await writeFile(report, comparisonPage(comparison, before, after))
  const worse = comparison.differences.filter(
    ({ before: was, after: is, worseBy }) =>
      worseMax !== undefined && (worseBy === null ? was !== null && is !== null : worseBy > worseMax),
  )
  for (const { name } of worse) lines.push(`WORSE than by ${formatShare(worseMax ?? 0)}: ${name}`)
  process.stdout.write(`${lines.join('\n')}\n`)
  if (worse.length > 0) process.exitCode = 1
}
