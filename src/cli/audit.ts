import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { CONSOLE, openDatabase } from '../compose.ts'
import type { AuditFilter, AuditRecords, AuditRow } from '../domain/audit-records.ts'
import { csvRow } from './csv-row.ts'
import { readConfig } from './read-config.ts'
import { terminalWitness } from './terminal-witness.ts'

type Format = 'csv' | 'jsonl'

interface ExportOptions extends AuditFilter {
  readonly format: Format
  readonly output?: string
}

export function auditCommand(): Command {
  return new Command('audit')
    .description('the log of who did what')
    .addCommand(
      new Command('verify')
        .description('check that no row was changed or removed; says which, and ends with 1')
        .action(() => withAudit(verify)),
    )
    .addCommand(
      new Command('export')
        .description('write the log, oldest first')
        .addOption(new Option('--format <format>').choices(['csv', 'jsonl']).default('csv'))
        .option('--output <file>', 'a new file; standard output where not given')
        .option('--username <name>', 'only what this account did')
        .option('--action <action>', 'only this')
        .option('--from <time>', 'not before, ISO 8601', instant)
        .option('--to <time>', 'before, ISO 8601', instant)
        .action((options: ExportOptions) => withAudit((audit) => exportLog(audit, options))),
    )
}

async function verify(audit: AuditRecords): Promise<void> {
  const { rows, headHash, faults } = await audit.verify()
  for (const { id, problem } of faults) process.stdout.write(`row ${id}: ${problem}\n`)
  if (faults.length > 0) {
    process.stdout.write(`${rows} rows, ${faults.length} faults: the log was tampered with or damaged\n`)
    process.exitCode = 1
  } else process.stdout.write(`${rows} rows, none changed or missing; head ${headHash ?? 'none'}\n`)
}

/** Notes the export in the log, after what it exported. */
async function exportLog(audit: AuditRecords, { format, output, ...filter }: ExportOptions): Promise<void> {
  let rows = 0
  async function* lines() {
    if (format === 'csv') yield csvRow(CSV_COLUMNS)
    for await (const page of audit.all(filter)) {
      rows += page.length
      yield page.map((row) => (format === 'csv' ? csvLine(row) : `${JSON.stringify(row)}\n`)).join('')
    }
  }
  const source = Readable.from(lines())
  if (output === undefined) await pipeline(source, process.stdout, { end: false })
  else await pipeline(source, createWriteStream(output, { flags: 'wx', mode: 0o600 }))
  await audit.append('export', 'audit', { format, rows }, CONSOLE)
  if (output !== undefined) process.stderr.write(`nhandien: ${rows} rows written to ${output}\n`)
}

const CSV_COLUMNS = ['id', 'at', 'username', 'action', 'target', 'outcome', 'address', 'request_id', 'details'] as const

function csvLine(row: AuditRow): string {
  const details = Object.keys(row.details).length === 0 ? null : JSON.stringify(row.details)
  const { id, at, username, action, target, outcome, address, requestId } = row
  return csvRow([id, at.toISOString(), username, action, target, outcome, address, requestId, details])
}

function instant(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('expected a time such as 2026-03-01T08:00:00Z')
  return time
}

async function withAudit(work: (audit: AuditRecords) => Promise<void>): Promise<void> {
  const { audit, close } = await openDatabase(readConfig(), terminalWitness)
  try {
    await work(audit)
  } finally {
    await close()
  }
}
