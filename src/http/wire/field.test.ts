import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRefusal } from '../../domain/errors.ts'
import {
  choiceField,
  clearable,
  type Field,
  flagField,
  instantField,
  integerField,
  numberField,
  textField,
} from './field.ts'

const notes = { description: 'A field.' }

function read<T>(field: Field<T>, value: unknown): T | 'refused' {
  try {
    return field.read(value, field.names[0])
  } catch (error) {
    if (!isRefusal(error, 'field-invalid') || error.details.field !== field.names[0]) throw error
    return 'refused'
  }
}

describe('integers', () => {
  const id = integerField(['id'], { min: 1, max: Number.MAX_SAFE_INTEGER }, notes)

  test('are read from decimal text and from numbers alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (number) => {
        expect(read(id, number)).toBe(number)
        expect(read(id, String(number))).toBe(number)
      }),
    )
  })

  test('are nothing else', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const answer = read(id, value)
        if (answer !== 'refused') expect(String(answer)).toBe(String(value))
      }),
    )
    for (const value of [
      '0',
      '-1',
      '01',
      '1.0',
      '1e3',
      '0x10',
      ' 1',
      '1 ',
      '１',
      '',
      '9007199254740992',
      '9'.repeat(400),
    ])
      expect(read(id, value), value).toBe('refused')
    for (const value of [
      0,
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 53,
      null,
      true,
      [1],
      { valueOf: () => 1 },
    ])
      expect(read(id, value)).toBe('refused')
  })
})

test('numbers stay in their range and are finite', () => {
  const threshold = numberField(['threshold'], { min: -1, max: 1 }, notes)
  for (const [value, number] of [
    ['0.5', 0.5],
    ['-1', -1],
    [1, 1],
  ])
    expect(read(threshold, value)).toBe(number)
  for (const value of ['1.1', 'NaN', 'Infinity', '1e-1', '.5', '0,5', '', Number.NaN, '0.5 ', [0.5]])
    expect(read(threshold, value)).toBe('refused')
})

test('text is cleaned, bounded, and text', () => {
  const name = textField(['name'], 5, notes)
  expect(read(name, '  Ánh ')).toBe('Ánh')
  expect(read(name, 'A\u0301nh')).toBe('Ánh')
  expect(read(name, '😀😀😀😀😀')).toBe('😀😀😀😀😀')
  for (const value of ['sixsix', 'a\0', 'a\nb', '\ud800', '\udc00a', 5, true, ['a'], {}])
    expect(read(name, value)).toBe('refused')
})

test('flags, choices and instants take what they list', () => {
  const flag = flagField(['flag'], notes)
  expect(['true', '1', 'on', true].map((value) => read(flag, value))).toEqual([true, true, true, true])
  expect(['false', '0', 'off', false].map((value) => read(flag, value))).toEqual([false, false, false, false])
  expect(['TRUE', 'yes', 1, 0, null, []].map((value) => read(flag, value))).toEqual(Array(6).fill('refused'))
  const choice = choiceField(['choice'], ['a', 'b'], notes)
  expect(['a', 'b', 'c', '__proto__', ['a']].map((value) => read(choice, value))).toEqual([
    'a',
    'b',
    'refused',
    'refused',
    'refused',
  ])
  const instant = instantField(['at'], notes)
  expect(read(instant, '2024-02-29')).toEqual(new Date('2024-02-29T00:00:00Z'))
  expect(read(instant, '2024-02-29T12:00:00+07:00')).toEqual(new Date('2024-02-29T05:00:00Z'))
  for (const value of ['2024-13-01', '2024-02-29T12:00', 'now', '1', 20240229])
    expect(read(instant, value)).toBe('refused')
})

test('what may be unknown is cleared by null and by empty text', () => {
  const age = clearable(integerField(['age'], { min: 0, max: 150 }, notes))
  expect([null, '', '3', 3].map((value) => read(age, value))).toEqual([null, null, 3, 3])
})
