import { Refusal } from '../../domain/errors.ts'
import type { Gender } from '../../domain/person.ts'

const NAMES: Readonly<Record<Gender, string>> = { male: 'Nam', female: 'Nữ', other: 'Khác' }

/** The words without accents, and what clients of the old system send. */
const SPELLINGS: ReadonlyMap<string, Gender> = new Map([
  ['nam', 'male'],
  ['nu', 'female'],
  ['khac', 'other'],
  ['true', 'male'],
  ['false', 'female'],
])

export const GENDER_CHOICES = Object.values(NAMES)

/** @throws Refusal `field-invalid` */
export function readGender(value: unknown, field: string): Gender {
  const word = typeof value === 'boolean' ? String(value) : value
  const plain =
    typeof word === 'string'
      ? word
          .trim()
          .normalize('NFD')
          .replace(/\p{Mn}/gu, '')
          .toLowerCase()
      : ''
  const gender = SPELLINGS.get(plain)
  if (gender === undefined)
    throw new Refusal('field-invalid', { field, reason: 'not-one-of', choices: GENDER_CHOICES.join(', ') })
  return gender
}

/** Texts that an older system stored stay as they are. */
export function genderAnswer(stored: string | null): string | null {
  if (stored === 'male' || stored === 'female' || stored === 'other') return NAMES[stored]
  return stored
}
