import { describe, expect, it } from 'vitest'
import { checkPersonChanges, checkText } from './person.ts'

describe('checkPersonChanges', () => {
  it('cleans texts and keeps what was not given out', () => {
    expect(checkPersonChanges({ name: '  Nguye\u0302\u0303n Va\u0306n An ', residence: '' })).toEqual({
      name: 'Nguy\u1ec5n V\u0103n An',
      residence: null,
    })
  })

  it('clears what is null, except the name, which cannot be', () => {
    expect(checkPersonChanges({ age: null, gender: null })).toEqual({ age: null, gender: null })
  })

  it.each([
    ['an empty name', { name: ' ' }, 'name'],
    ['a name with NUL', { name: 'a\u0000b' }, 'name'],
    ['a name with a line break', { name: 'a\nb' }, 'name'],
    ['half of a surrogate pair', { name: 'a\ud83d' }, 'name'],
    ['a name of 101 characters', { name: 'x'.repeat(101) }, 'name'],
    ['a negative age', { age: -1 }, 'age'],
    ['an age of 151', { age: 151 }, 'age'],
    ['an age with a fraction', { age: 1.5 }, 'age'],
    ['an age that is no number', { age: Number.NaN }, 'age'],
    ['a residence of 101 characters', { residence: 'x'.repeat(101) }, 'residence'],
  ])('refuses %s and names the field', (_, changes, field) => {
    expect(() => checkPersonChanges(changes)).toThrow(
      expect.objectContaining({ code: 'field-invalid', details: expect.objectContaining({ field }) }),
    )
  })
})

describe('checkText', () => {
  it('counts characters, not UTF-16 units', () => {
    expect(checkText('label', '\u{1F600}'.repeat(5), 5)).toBe('\u{1F600}'.repeat(5))
  })

  it('keeps right-to-left and zero-width characters: they are data', () => {
    expect(checkText('label', 'a\u200f\u200bb', 10)).toBe('a\u200f\u200bb')
  })
})
