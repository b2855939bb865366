import Type, { type Static, type TSchema } from 'typebox'
import {
  AGE_YEARS_MAX,
  CLASS_ID_MAX,
  NAME_LENGTH_MAX,
  type Person,
  type PersonChanges,
  RESIDENCE_LENGTH_MAX,
} from '../../domain/person.ts'
import type { Form } from '../form.ts'
import { clearable, type Field, integerField, textField } from './field.ts'
import { GENDER_CHOICES, genderAnswer, readGender } from './gender.ts'

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

export const ClassId = Type.Integer({ minimum: 1, maximum: CLASS_ID_MAX, examples: [42] })

export const PersonAnswer = Type.Object({
  class_id: ClassId,
  ten: Type.String({ examples: ['Nguyễn Văn An'] }),
  tuoi: nullable(Type.Integer({ examples: [30] })),
  gioitinh: nullable(Type.String({ examples: ['Nam'] })),
  noio: nullable(Type.String({ examples: ['Đà Nẵng'] })),
})
export type PersonAnswer = Static<typeof PersonAnswer>

export function personAnswer(person: Person): PersonAnswer {
  return {
    class_id: person.classId,
    ten: person.name,
    tuoi: person.age,
    gioitinh: genderAnswer(person.gender),
    noio: person.residence,
  }
}

export const NAME: Field<string> = textField(['ten_nguoi', 'ten'], NAME_LENGTH_MAX, {
  description: 'The name of the person.',
  examples: ['Nguyễn Văn An'],
})

export const AGE: Field<number | null> = clearable(
  integerField(['tuoi'], { min: 0, max: AGE_YEARS_MAX }, { description: 'Age in years.', examples: [30] }),
)

export const GENDER: Field<string | null> = clearable({
  names: ['gioi_tinh', 'gioitinh'],
  nullable: false,
  read: readGender,
  schema: Type.Union([Type.String({ enum: GENDER_CHOICES }), Type.Boolean()], {
    description: 'Gender; true and false stand for the first two.',
    examples: ['Nam'],
  }),
})

export const RESIDENCE: Field<string | null> = clearable(
  textField(['noi_o', 'noio'], RESIDENCE_LENGTH_MAX, { description: 'Where the person lives.', examples: ['Đà Nẵng'] }),
)

export const PERSON_FIELDS = [NAME, AGE, GENDER, RESIDENCE] as const

/** @throws Refusal `field-invalid` */
export function readPersonChanges(form: Form): PersonChanges {
  const name = form.optional(NAME)
  const age = form.optional(AGE)
  const gender = form.optional(GENDER)
  const residence = form.optional(RESIDENCE)
  return {
    ...(name === undefined ? {} : { name }),
    ...(age === undefined ? {} : { age }),
    ...(gender === undefined ? {} : { gender }),
    ...(residence === undefined ? {} : { residence }),
  }
}
