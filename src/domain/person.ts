import { Refusal } from './errors.ts'

export type Gender = 'male' | 'female' | 'other'

/** What may be said of a person besides the class id; null is "not known". */
export interface PersonFields {
  readonly name: string
  /** Years. */
  readonly age: number | null
  /** A `Gender`, or the text that an older system stored. */
  readonly gender: string | null
  readonly residence: string | null
}

export interface Person extends PersonFields {
  /** 1 to 2^31 - 1. */
  readonly classId: number
}

/** Fields that are present are changed; null clears one. */
export type PersonChanges = { readonly [K in keyof PersonFields]?: PersonFields[K] }

export const CLASS_ID_MAX = 2 ** 31 - 1
export const IMAGE_ID_MAX = Number.MAX_SAFE_INTEGER
/** Characters, as the tables of the old system hold them. */
export const NAME_LENGTH_MAX = 100
export const RESIDENCE_LENGTH_MAX = 100
export const GENDER_LENGTH_MAX = 10
export const AGE_YEARS_MAX = 150
/** Characters of an image's label. */
export const LABEL_LENGTH_MAX = 255

/** Controls and unpaired surrogates: neither is text, and both break tables, logs or terminals. */
const NOT_TEXT = /[\p{Cc}\p{Cs}]/u

/**
 * One line of text as it is stored: NFC, without white space around it.
 * @throws Refusal `field-invalid` for control characters, unpaired surrogates and more than `lengthMax` characters
 */
export function checkText(field: string, text: string, lengthMax: number): string {
  const clean = text.normalize('NFC').trim()
  if (NOT_TEXT.test(clean)) throw new Refusal('field-invalid', { field, reason: 'control-characters' })
  if ([...clean].length > lengthMax) throw new Refusal('field-invalid', { field, reason: 'too-long', max: lengthMax })
  return clean
}

/**
 * Changes as they are stored: texts cleaned, empty ones null, ages whole years.
 * @throws Refusal `field-invalid` naming the field
 */
export function checkPersonChanges(changes: PersonChanges): PersonChanges {
  const checked: { -readonly [K in keyof PersonFields]?: PersonFields[K] } = {}
  if (changes.name !== undefined) {
    checked.name = checkText('name', changes.name, NAME_LENGTH_MAX)
    if (checked.name === '') throw new Refusal('field-invalid', { field: 'name', reason: 'empty' })
  }
  if (changes.age !== undefined) {
    const { age } = changes
    if (age !== null && !(Number.isInteger(age) && age >= 0 && age <= AGE_YEARS_MAX))
      throw new Refusal('field-invalid', { field: 'age', reason: 'out-of-range', min: 0, max: AGE_YEARS_MAX })
    checked.age = age
  }
  if (changes.gender !== undefined) checked.gender = optionalText('gender', changes.gender, GENDER_LENGTH_MAX)
  if (changes.residence !== undefined)
    checked.residence = optionalText('residence', changes.residence, RESIDENCE_LENGTH_MAX)
  return checked
}

function optionalText(field: string, text: string | null, lengthMax: number): string | null {
  return text === null ? null : checkText(field, text, lengthMax) || null
}
