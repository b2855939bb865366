import type { PersonAnswer } from '../../../src/http/wire/person.ts'

/** Somebody who is enrolled, in the words of the pages; the wire's own stay in this folder. */
export interface Person {
  readonly id: number
  readonly name: string
  readonly age: number | null
  readonly gender: Gender | null
  readonly residence: string | null
}

export const GENDERS = ['male', 'female', 'other'] as const
export type Gender = (typeof GENDERS)[number]

const GENDER_WORDS: Readonly<Record<Gender, string>> = { male: 'Nam', female: 'Nữ', other: 'Khác' }

export interface PersonFields {
  readonly name?: string
  readonly age?: number | null
  readonly gender?: Gender | null
  readonly residence?: string | null
}

export function personOf({ class_id, ten, tuoi, gioitinh, noio }: PersonAnswer): Person {
  return { id: class_id, name: ten, age: tuoi, gender: genderOf(gioitinh), residence: noio }
}

/** Those of the fields that are given, as the wire calls them; null clears one. */
export function wireFields({ name, age, gender, residence }: PersonFields): Record<string, string | number | null> {
  return {
    ...(name === undefined ? {} : { ten_nguoi: name }),
    ...(age === undefined ? {} : { tuoi: age }),
    ...(gender === undefined ? {} : { gioi_tinh: gender === null ? null : GENDER_WORDS[gender] }),
    ...(residence === undefined ? {} : { noi_o: residence }),
  }
}

function genderOf(word: string | null): Gender | null {
  return GENDERS.find((gender) => GENDER_WORDS[gender] === word) ?? null
}
