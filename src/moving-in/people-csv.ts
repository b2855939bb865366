import { basename } from 'node:path'
import { isRefusal } from '../domain/errors.ts'
import { CLASS_ID_MAX, checkPersonChanges, type Gender, type Person } from '../domain/person.ts'
import { FormatError } from '../formats/format-error.ts'
import { type CsvRecord, readCsv } from './csv-records.ts'
import type { SkippedRow } from './skipped-row.ts'

export interface PersonOnLine {
  readonly line: number
  readonly person: Person
}

/** The old system's columns, with the spellings that its interface accepts too. */
const COLUMN_NAMES = {
  classId: ['class_id'],
  name: ['ten', 'ten_nguoi'],
  age: ['tuoi'],
  gender: ['gioitinh', 'gioi_tinh'],
  residence: ['noio', 'noi_o'],
} as const
type Column = keyof typeof COLUMN_NAMES

/** The first line of a file as the old system wrote it. */
export const PEOPLE_CSV_HEADER = 'class_id,ten,tuoi,gioitinh,noio'

const GENDERS: ReadonlyMap<string, Gender> = new Map([
  ['nam', 'male'],
  ['true', 'male'],
  ['male', 'male'],
  ['nữ', 'female'],
  ['nu', 'female'],
  ['false', 'female'],
  ['female', 'female'],
  ['khác', 'other'],
  ['khac', 'other'],
  ['other', 'other'],
])

/** pandas writes whole numbers beside empty cells with a fraction of zero, and empty cells in several ways. */
const WHOLE_NUMBER = /^(-?\d{1,15})(?:\.0+)?$/
const NO_NUMBER = /^(?:nan|none|null)?$/i

/**
 * The people of a `class_info.csv`, each class id once, and the lines that can't be taken.
 * @throws FormatError when the file as a whole is none: another encoding, no header with `class_id` and `ten`
 */
export async function readPeopleCsv(
  path: string,
): Promise<{ readonly people: readonly PersonOnLine[]; readonly skipped: readonly SkippedRow[] }> {
  const { records, brokenLines } = await readCsv(path)
  const [header, ...rows] = records
  const positions = columnPositions(basename(path), header)
  const skipped: SkippedRow[] = []
  const lineOf = new Map<number, number>()
  const people: PersonOnLine[] = []
  for (const { line, lastLine, fields } of rows) {
    const row = line === lastLine ? `line ${line}` : `lines ${line} to ${lastLine}`
    const skip = (reason: string) => skipped.push({ row, reason })
    if (fields.length !== header?.fields.length) {
      skip(`has ${fields.length} fields, not ${header?.fields.length}`)
      continue
    }
    const person = personOf((column) => fields[positions.get(column) ?? -1]?.trim() ?? '')
    const sameId = typeof person === 'string' ? undefined : lineOf.get(person.classId)
    if (typeof person === 'string') skip(person)
    else if (sameId !== undefined) skip(`class_id ${person.classId} stands on line ${sameId} already`)
    else {
      lineOf.set(person.classId, line)
      people.push({ line, person })
    }
  }
  for (const line of brokenLines)
    skipped.push({
      row: `line ${line}`,
      reason: 'has a quote that is not closed, or that stands in the middle of a field',
    })
  return { people, skipped }
}

function columnPositions(file: string, header: CsvRecord | undefined): ReadonlyMap<Column, number> {
  const names = header?.fields.map((field) => field.trim().toLowerCase()) ?? []
  const positions = new Map<Column, number>()
  for (const column of Object.keys(COLUMN_NAMES) as Column[]) {
    const spellings: readonly string[] = COLUMN_NAMES[column]
    const position = names.findIndex((name) => spellings.includes(name))
    if (position >= 0) positions.set(column, position)
  }
  if (!positions.has('classId') || !positions.has('name'))
    throw new FormatError(file, `has no header with class_id and ten; the first line must be ${PEOPLE_CSV_HEADER}`)
  return positions
}

/** The person of a row, or what is wrong with it. */
function personOf(cell: (column: Column) => string): Person | string {
  const classId = wholeNumber(cell('classId'))
  if (classId === null || classId < 1 || classId > CLASS_ID_MAX)
    return `class_id ${quoted(cell('classId'))} is no whole number from 1 to ${CLASS_ID_MAX}`
  const age = NO_NUMBER.test(cell('age')) ? null : wholeNumber(cell('age'))
  if (age === null && !NO_NUMBER.test(cell('age'))) return `tuoi ${quoted(cell('age'))} is no whole number`
  const gender = cell('gender').normalize('NFC')
  try {
    const checked = checkPersonChanges({
      // A line break in a quoted name is a space that went astray.
      name: cell('name').replace(/\s+/g, ' '),
      age,
      gender: GENDERS.get(gender.toLowerCase()) ?? gender,
      residence: cell('residence').replace(/\s+/g, ' '),
    })
    const { name = '', gender: checkedGender = null, residence = null } = checked
    return { classId, name, age, gender: checkedGender, residence }
  } catch (error) {
    if (!isRefusal(error, 'field-invalid')) throw error
    return `${columnName(error.details.field)} is refused: ${String(error.details.reason)}`
  }
}

function wholeNumber(text: string): number | null {
  const digits = WHOLE_NUMBER.exec(text)?.[1]
  return digits === undefined ? null : Number(digits)
}

function columnName(field: unknown): string {
  const [, names] = Object.entries(COLUMN_NAMES).find(([column]) => column === field) ?? []
  return names?.[0] ?? String(field)
}

/** Cells come from a file: a long one is cut, control characters are written as escapes. */
function quoted(text: string): string {
  const SHOWN_CHARACTERS = 40
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text)
}
