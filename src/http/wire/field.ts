import Type, { type TSchema } from 'typebox'
import { Refusal } from '../../domain/errors.ts'
import { checkText } from '../../domain/person.ts'

/**
 * A field of a request: its spellings, what the document says of it, and how it is read. One definition serves both,
 * so that the document cannot promise what the server does not do.
 */
export interface Field<T> {
  /** Accepted spellings, the documented one first. */
  readonly names: readonly [string, ...string[]]
  readonly schema: TSchema
  /** Whether a JSON null says something else than leaving the field out. */
  readonly nullable: boolean
  /**
   * @param value text from a form or a query string, any JSON value otherwise
   * @throws Refusal `field-invalid`
   */
  readonly read: (value: unknown, name: string) => T
}

type Names = Field<unknown>['names']
type Notes = { readonly description: string; readonly examples?: readonly unknown[]; readonly default?: unknown }

/** Digits only: no sign, no leading zero, no exponent, no space. */
const DECIMAL_INTEGER = /^(?:0|[1-9][0-9]{0,15})$/
const NEGATIVE_INTEGER = /^-[1-9][0-9]*$/
const DECIMAL_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/

export function integerField(names: Names, range: { min: number; max: number }, notes: Notes): Field<number> {
  const read = (value: unknown, name: string): number => {
    const number = integerOf(value)
    if (number === null) throw new Refusal('field-invalid', { field: name, reason: 'not-an-integer' })
    if (number < range.min || number > range.max)
      throw new Refusal('field-invalid', { field: name, reason: 'out-of-range', ...range })
    return number
  }
  return { names, nullable: false, read, schema: Type.Integer({ minimum: range.min, maximum: range.max, ...notes }) }
}

/** Null for what is no integer; NaN never; out of range where it has too many digits. */
function integerOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) ? value : null
  if (typeof value !== 'string') return null
  if (DECIMAL_INTEGER.test(value)) return Number(value)
  if (NEGATIVE_INTEGER.test(value)) return -1
  return /^[1-9][0-9]{16,}$/.test(value) ? Number.POSITIVE_INFINITY : null
}

const SEPARATOR = /\s*,\s*/

/** Several whole numbers: a JSON array, or text with commas between them. At least one. */
export function integersField(
  names: Names,
  range: { min: number; max: number; countMax: number },
  notes: Notes,
): Field<readonly number[]> {
  const { min, max, countMax } = range
  const one = integerField(names, { min, max }, notes)
  const read = (value: unknown, name: string): readonly number[] => {
    const given: readonly unknown[] = Array.isArray(value)
      ? value
      : typeof value === 'string'
        ? value.split(SEPARATOR, countMax + 1)
        : [value]
    if (given.length === 0) throw new Refusal('field-invalid', { field: name, reason: 'empty' })
    if (given.length > countMax)
      throw new Refusal('field-invalid', { field: name, reason: 'too-many-values', max: countMax })
    return given.map((item) => one.read(item, name))
  }
  const items = Type.Integer({ minimum: min, maximum: max })
  return { names, nullable: false, read, schema: Type.Array(items, { minItems: 1, maxItems: countMax, ...notes }) }
}

export function numberField(names: Names, range: { min: number; max: number }, notes: Notes): Field<number> {
  const read = (value: unknown, name: string): number => {
    const number = typeof value === 'string' && DECIMAL_NUMBER.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isFinite(number))
      throw new Refusal('field-invalid', { field: name, reason: 'not-a-number' })
    if (number < range.min || number > range.max)
      throw new Refusal('field-invalid', { field: name, reason: 'out-of-range', ...range })
    return number
  }
  return { names, nullable: false, read, schema: Type.Number({ minimum: range.min, maximum: range.max, ...notes }) }
}

/** One line of text, cleaned as it is stored. */
export function textField(names: Names, lengthMax: number, notes: Notes): Field<string> {
  const read = (value: unknown, name: string): string => checkText(name, textOf(value, name), lengthMax)
  return { names, nullable: false, read, schema: Type.String({ maxLength: lengthMax, ...notes }) }
}

/** Text that must reach its reader as it was typed, a password say. */
export function secretField(names: Names, lengthMax: number, notes: Notes): Field<string> {
  const read = (value: unknown, name: string): string => {
    const text = textOf(value, name)
    if (text.length > lengthMax) throw new Refusal('field-invalid', { field: name, reason: 'too-long', max: lengthMax })
    return text
  }
  return { names, nullable: false, read, schema: Type.String({ maxLength: lengthMax, format: 'password', ...notes }) }
}

export function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new Refusal('field-invalid', { field: name, reason: 'not-text' })
  return value
}

const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  ['1', true],
  ['on', true],
  [false, false],
  ['false', false],
  ['0', false],
  ['off', false],
])

export function flagField(names: Names, notes: Notes): Field<boolean> {
  const read = (value: unknown, name: string): boolean => {
    const flag = FLAGS.get(value)
    if (flag === undefined) throw new Refusal('field-invalid', { field: name, reason: 'not-a-flag' })
    return flag
  }
  return { names, nullable: false, read, schema: Type.Boolean({ default: false, ...notes }) }
}

export function choiceField<T extends string>(names: Names, choices: readonly T[], notes: Notes): Field<T> {
  const read = (value: unknown, name: string): T => {
    const choice = choices.find((known) => known === value)
    if (choice === undefined)
      throw new Refusal('field-invalid', { field: name, reason: 'not-one-of', choices: choices.join(', ') })
    return choice
  }
  return { names, nullable: false, read, schema: Type.String({ enum: [...choices], ...notes }) }
}

/** A day (its first instant, UTC) or an instant with its offset (RFC 3339). */
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

export function instantField(names: Names, notes: Notes): Field<Date> {
  const read = (value: unknown, name: string): Date => {
    const instant = typeof value === 'string' && INSTANT.test(value) ? new Date(value) : null
    if (instant === null || Number.isNaN(instant.getTime()))
      throw new Refusal('field-invalid', { field: name, reason: 'not-a-date' })
    return instant
  }
  return { names, nullable: false, read, schema: Type.String({ ...notes }) }
}

/** The same field where a JSON null, or text that is empty, says "not known". */
export function clearable<T>(field: Field<T>): Field<T | null> {
  return {
    names: field.names,
    nullable: true,
    read: (value, name) => (value === null || value === '' ? null : field.read(value, name)),
    schema: Type.Union([field.schema, Type.Null()]),
  }
}
