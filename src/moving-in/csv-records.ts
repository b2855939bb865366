import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { parse } from 'csv-parse/sync'
import { FormatError } from '../formats/format-error.ts'

const FILE_BYTES_MAX = 64 * 1024 * 1024
/** A quote that is never closed would make the rest of the file one record. */
const RECORD_CHARACTERS_MAX = 16_384
const DELIMITERS = [',', ';', '\t'] as const

/** How many records with faulty quotes are passed over before the file is held to be no list at all. */
const BROKEN_RECORDS_MAX = 1_000

export interface CsvRecord {
  /** Where the record begins and ends, from 1. */
  readonly line: number
  readonly lastLine: number
  readonly fields: readonly string[]
}

export interface CsvContent {
  readonly records: readonly CsvRecord[]
  /** Lines with a quote that is not closed, or in the middle of a field; each is left out alone. */
  readonly brokenLines: readonly number[]
}

/**
 * The records of a CSV file (RFC 4180): UTF-8 with or without a byte order mark, either kind of line end, quoted fields
 * with line breaks. Fields are separated by whichever of comma, semicolon and tab the first line has most of. Empty
 * lines are left out.
 * @throws FormatError for other encodings and files full of faulty quotes; the system's error when it can't be read
 */
export async function readCsv(path: string): Promise<CsvContent> {
  const file = basename(path)
  const { size } = await stat(path)
  if (size > FILE_BYTES_MAX) throw new FormatError(file, `has ${size} bytes; at most ${FILE_BYTES_MAX} are read`)
  const text = decodeUtf8(file, await readFile(path)).replaceAll('\r\n', '\n')
  const delimiter = delimiterOf(text)
  const records: CsvRecord[] = []
  const brokenLines: number[] = []
  let rest = text
  let linesBefore = 0
  for (;;) {
    const brokenLine = parseRecords(rest, delimiter, linesBefore, records)
    if (brokenLine === null) return { records, brokenLines }
    brokenLines.push(brokenLine)
    if (brokenLines.length > BROKEN_RECORDS_MAX)
      throw new FormatError(file, `has more than ${BROKEN_RECORDS_MAX} records with faulty quotes`)
    rest = afterLines(rest, brokenLine - linesBefore)
    linesBefore = brokenLine
  }
}

/** Adds the records of `text` to `records`; the line where it had to stop, or null at the end. */
function parseRecords(text: string, delimiter: string, linesBefore: number, records: CsvRecord[]): number | null {
  let linesRead = linesBefore
  try {
    parse(text, {
      delimiter,
      relax_column_count: true,
      record_delimiter: '\n',
      max_record_size: RECORD_CHARACTERS_MAX,
      on_record: (fields: string[], { lines }) => {
        const lastLine = linesBefore + lines
        if (fields.length > 1 || fields[0]?.trim() !== '') records.push({ line: linesRead + 1, lastLine, fields })
        linesRead = lastLine
        return null
      },
    })
    return null
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return linesRead + 1
  }
}

function afterLines(text: string, lines: number): string {
  let start = 0
  for (let line = 0; line < lines; line++) {
    const end = text.indexOf('\n', start)
    if (end < 0) return ''
    start = end + 1
  }
  return text.slice(start)
}

function decodeUtf8(file: string, bytes: Uint8Array): string {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new FormatError(file, 'is UTF-16; save it as "CSV UTF-8"')
  try {
    // Leaves a byte order mark out.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new FormatError(file, 'is not UTF-8; save it as "CSV UTF-8"', { cause })
  }
}

function delimiterOf(text: string): string {
  const firstLine = /^[^\r\n]*/.exec(text)?.[0] ?? ''
  const count = (delimiter: string) => firstLine.split(delimiter).length
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best))
}
