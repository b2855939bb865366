import { readFile } from 'node:fs/promises'
import { numberAt, textAt } from '../client/call.ts'
import { LoadTestProblem } from '../problem.ts'
import { type LoadReport, REPORT_KIND, REPORT_VERSION } from './report.ts'

/** @throws LoadTestProblem for what is no report, or one of another version */
export async function readReport(file: string): Promise<LoadReport> {
  const text = await readFile(file, 'utf8')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new LoadTestProblem(`${file} is not JSON: give a report that --json wrote.`, { cause: error })
  }
  if (!isReport(parsed))
    throw new LoadTestProblem(`${file} is no report of a load test of this version: give one that --json wrote.`)
  return parsed
}

/** What a comparison reads is looked at; the rest was written by this program, or nobody reads it. */
function isReport(value: unknown): value is LoadReport {
  return (
    textAt(value, 'kind') === REPORT_KIND &&
    numberAt(value, 'version') === REPORT_VERSION &&
    textAt(value, 'setup', 'scenario') !== null &&
    numberAt(value, 'totals', 'answeredPerSecond') !== null &&
    numberAt(value, 'totals', 'failedShare') !== null &&
    numberAt(value, 'totals', 'refusedShare') !== null &&
    typeof value === 'object' &&
    value !== null &&
    'slices' in value &&
    Array.isArray(value.slices) &&
    'server' in value &&
    typeof value.server === 'object' &&
    value.server !== null
  )
}
