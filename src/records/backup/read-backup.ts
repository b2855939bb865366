import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { SCHEMA_NAME } from '../migrations/migrate.ts'
import { DUMP_FORMAT, DUMP_TABLES, DUMP_VERSION, type DumpTable } from './dump-format.ts'
import { LineHash } from './line-hash.ts'

/** A backup that is torn, changed, or not one of ours. */
export class BackupUnsound extends Error {
  override readonly name = 'BackupUnsound'
}

export interface DumpRow {
  readonly table: DumpTable
  /** In the order of the table's columns; bytes are still in Base64. */
  readonly values: readonly unknown[]
}

/**
 * Reads a backup to its end. @returns how many rows it holds
 * @throws BackupUnsound
 */
export async function verifyBackup(path: string): Promise<number> {
  let rows = 0
  for await (const _ of readBackup(path)) rows += 1
  return rows
}

/**
 * Every row. Whether the file is sound is known only at its end: whoever stores rows does so in a transaction.
 * @throws BackupUnsound
 */
export async function* readBackup(path: string): AsyncGenerator<DumpRow> {
  const hash = new LineHash()
  let table: DumpTable | null = null
  let first = true
  let ended = false
  for await (const line of linesOf(path)) {
    if (ended) throw new BackupUnsound('The backup goes on after its end')
    const value = parse(line)
    if (first) checkHeader(value)
    else if (Array.isArray(value)) {
      if (table === null || value.length !== table.columns.length) throw new BackupUnsound('A row fits no table')
      yield { table, values: value }
    } else if ('end' in value) {
      const { lines, sha256 } = hash.end()
      if (!isEnd(value.end) || value.end.lines !== lines || value.end.sha256 !== sha256)
        throw new BackupUnsound('The backup was changed: its checksum does not match')
      ended = true
      continue
    } else table = tableOf(value)
    hash.add(`${line}\n`)
    first = false
  }
  if (!ended) throw new BackupUnsound('The backup is torn: its end is missing')
}

/** Lines end at line feeds only: other line separators may stand in the texts. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path)
  const text = file.pipe(createGunzip()).setEncoding('utf8')
  // A read error does not travel down a pipe by itself.
  file.on('error', (error) => text.destroy(error))
  let rest = ''
  try {
    for await (const chunk of text) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    throw new BackupUnsound('The backup can not be read', { cause: error })
  } finally {
    file.destroy()
    text.destroy()
  }
  if (rest !== '') yield rest
}

function parse(line: string): object {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value
  } catch (error) {
    throw new BackupUnsound('The backup has a line that is not JSON', { cause: error })
  }
  throw new BackupUnsound('The backup has a line that is no row')
}

function checkHeader(value: object): void {
  if (!('format' in value) || value.format !== DUMP_FORMAT) throw new BackupUnsound('The file is no backup of records')
  if (!('version' in value) || value.version !== DUMP_VERSION || !('schema' in value) || value.schema !== SCHEMA_NAME)
    throw new BackupUnsound('The backup is of another version of the product')
}

function tableOf(value: object): DumpTable {
  const table = DUMP_TABLES.find(({ name }) => 'table' in value && value.table === name)
  const columns = 'columns' in value && Array.isArray(value.columns) ? value.columns : []
  if (table === undefined || JSON.stringify(table.columns) !== JSON.stringify(columns))
    throw new BackupUnsound('The backup has a table that is not known')
  return table
}

function isEnd(value: unknown): value is { lines: unknown; sha256: unknown } {
  return typeof value === 'object' && value !== null && 'lines' in value && 'sha256' in value
}
