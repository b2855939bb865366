import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type FileSeal, KeyMissing, SEALED_FILE_MAGIC, SealBroken } from '../../domain/encryption.ts'
import { SCHEMA_NAMES } from '../migrations/migrate.ts'
import { DUMP_FORMAT, DUMP_TABLES, DUMP_VERSION, type DumpTable } from './dump-format.ts'
import { LineHash } from './line-hash.ts'

/** A backup that is torn, changed, or not one of ours. */
export class BackupUnsound extends Error {
  override readonly name = 'BackupUnsound'
}

/** How much of a file was read, in bytes. */
export type ReadProgress = (done: number, total: number) => void

export interface BackupFile {
  readonly path: string
  /** Opens an encrypted one; null where no key was given. */
  readonly seal: FileSeal | null
  readonly onProgress?: ReadProgress
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
export async function verifyBackup(file: BackupFile): Promise<number> {
  let rows = 0
  for await (const _ of readBackup(file)) rows += 1
  return rows
}

/**
 * Every row. Whether the file is sound is known only at its end: whoever stores rows does so in a transaction.
 * @throws BackupUnsound
 */
export async function* readBackup(file: BackupFile): AsyncGenerator<DumpRow> {
  const hash = new LineHash()
  let table: DumpTable | null = null
  let first = true
  let ended = false
  for await (const line of linesOf(file)) {
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
async function* linesOf(file: BackupFile): AsyncGenerator<string> {
  // What goes wrong on the way ends the text with the same error.
  const text = pipeline(openedBytes(file), createGunzip(), () => undefined).setEncoding('utf8')
  let rest = ''
  try {
    for await (const chunk of text) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    if (error instanceof BackupUnsound || (error instanceof Error && 'syscall' in error)) throw error
    if (error instanceof KeyMissing) throw new BackupUnsound(`${error.message}: give its key file`, { cause: error })
    if (error instanceof SealBroken) throw new BackupUnsound(error.message, { cause: error })
    throw new BackupUnsound('The backup can not be read: it is torn, or no backup', { cause: error })
  } finally {
    text.destroy()
  }
  if (rest !== '') yield rest
}

/** The gzipped text of a backup, whether it is sealed or not. */
async function* openedBytes({ path, seal, onProgress }: BackupFile): AsyncGenerator<Uint8Array> {
  const sealed = await isSealed(path)
  if (sealed && seal === null) throw new BackupUnsound('The backup is encrypted: give its key file')
  const bytes = countedBytes(path, (await stat(path)).size, onProgress ?? (() => undefined))
  yield* sealed && seal !== null ? seal.open(bytes) : bytes
}

async function* countedBytes(path: string, total: number, onProgress: ReadProgress): AsyncGenerator<Uint8Array> {
  let done = 0
  for await (const piece of createReadStream(path)) {
    done += piece.length
    onProgress(done, total)
    yield piece
  }
}

export async function isSealed(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const start = Buffer.alloc(SEALED_FILE_MAGIC.length)
    await file.read(start, 0, start.length, 0)
    return start.toString('latin1') === SEALED_FILE_MAGIC
  } finally {
    await file.close()
  }
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
  const schema = 'schema' in value ? value.schema : null
  if (!('version' in value) || value.version !== DUMP_VERSION || SCHEMA_NAMES.every((name) => name !== schema))
    throw new BackupUnsound('The backup is of a newer version of the product: restore it with that one')
}

/** The table with the columns that the backup has: one from before a column was added is without it. */
function tableOf(value: object): DumpTable {
  const table = DUMP_TABLES.find(({ name }) => 'table' in value && value.table === name)
  const given: readonly unknown[] = 'columns' in value && Array.isArray(value.columns) ? value.columns : []
  const columns = table?.columns.filter((column) => given.includes(column)) ?? []
  const inOrder = columns.length === given.length && columns.every((column, index) => column === given[index])
  if (table === undefined || !inOrder || !table.key.every((column) => columns.includes(column)))
    throw new BackupUnsound('The backup has a table that is not known')
  return { ...table, columns }
}

function isEnd(value: unknown): value is { lines: unknown; sha256: unknown } {
  return typeof value === 'object' && value !== null && 'lines' in value && 'sha256' in value
}
