import { expect, test } from 'vitest'
import { Refusal, type RefusalCode } from '../../domain/errors.ts'
import { errorAnswer } from './error.ts'
import { LANGUAGES } from './language.ts'
import { MESSAGES, REASONS } from './messages.ts'

const NUMBERS = { min: 1, max: 9, faces: 2, choices: 'a, b', field: 'name' }

test('every sentence of every language is whole once its details are filled in', () => {
  for (const code of Object.keys(MESSAGES) as RefusalCode[])
    for (const reason of Object.keys(REASONS))
      for (const language of LANGUAGES) {
        const { error } = errorAnswer(new Refusal(code, { ...NUMBERS, reason }), language, 'id')
        expect(error, `${code} ${reason}`).toMatch(/^\p{Lu}.*\.$|^image_id /u)
        expect(error).not.toMatch(/[{}?]/)
      }
})

test('details are named as on the wire, and hold no more digits than decisions need', () => {
  const person = { classId: 4, name: 'An', age: null, gender: 'female', residence: null }
  const { details } = errorAnswer(
    new Refusal('already-enrolled', { person, imageId: 7, score: 0.123456789 }),
    'en',
    'id',
  )
  expect(details).toEqual({
    nguoi: { class_id: 4, ten: 'An', tuoi: null, gioitinh: 'Nữ', noio: null },
    image_id: 7,
    score: 0.123457,
  })
  const { error } = errorAnswer(new Refusal('field-missing', { field: 'residence' }), 'en', 'id')
  expect(error).toBe('The field noi_o is missing.')
})
