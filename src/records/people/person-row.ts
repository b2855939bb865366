import type { Gender, Person, PersonChanges, PersonFields } from '../../domain/person.ts'
import { searchKeyOf } from '../search-key.ts'
import type { PersonTable } from '../tables.ts'

const GENDER_COLUMN: Readonly<Record<Gender, string>> = { male: 'Nam', female: 'Nữ', other: 'Khác' }
const GENDER_OF_COLUMN: ReadonlyMap<string, string> = new Map(
  Object.entries(GENDER_COLUMN).map(([gender, text]) => [text.toLowerCase(), gender]),
)

export const PERSON_COLUMNS = ['nguoi.class_id', 'nguoi.ten', 'nguoi.tuoi', 'nguoi.gioitinh', 'nguoi.noio'] as const

export type PersonRow = Pick<PersonTable, 'class_id' | 'ten' | 'tuoi' | 'gioitinh' | 'noio'>

export function readPerson(row: PersonRow): Person {
  return {
    classId: row.class_id,
    name: row.ten ?? '',
    age: row.tuoi,
    gender: row.gioitinh === null ? null : genderOfColumn(row.gioitinh),
    residence: row.noio,
  }
}

/** All columns of a person who is new or changed. */
export function personColumns(person: Person) {
  const row = {
    class_id: person.classId,
    ten: person.name,
    tuoi: person.age,
    gioitinh: person.gender === null ? null : columnOfGender(person.gender),
    noio: person.residence,
  }
  return { ...row, search_key: searchKeyOf(row) }
}

/** The person after the changes, and what they changed: for each field its value before and after. */
export function applyChanges(person: Person, changes: PersonChanges) {
  const after: Person = { ...person, ...definedOf(changes) }
  const fields: readonly (keyof PersonFields)[] = ['name', 'age', 'gender', 'residence']
  const fieldsChanged = fields.filter((field) => after[field] !== person[field])
  const pick = (from: Person) => Object.fromEntries(fieldsChanged.map((field) => [field, from[field]]))
  return { after, fieldsChanged, difference: { before: pick(person), after: pick(after) } }
}

function definedOf(changes: PersonChanges): PersonChanges {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}

/** A text that is none of the known ones stays what the old system stored. */
function genderOfColumn(text: string): string {
  return GENDER_OF_COLUMN.get(text.normalize('NFC').trim().toLowerCase()) ?? text
}

function columnOfGender(gender: string): string {
  return gender === 'male' || gender === 'female' || gender === 'other' ? GENDER_COLUMN[gender] : gender
}
