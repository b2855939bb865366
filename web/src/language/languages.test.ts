import { expect, test } from 'vitest'
import { formatIn } from './format.ts'
import { preferredLanguage } from './languages.ts'

test.each([
  [null, ['vi-VN', 'en'], 'vi'],
  [null, ['en-US', 'vi'], 'en'],
  [null, ['fr-FR', 'en-GB'], 'en'],
  [null, ['fr-FR'], 'vi'],
  [null, [], 'vi'],
  ['en', ['vi-VN'], 'en'],
  ['xx', ['en'], 'en'],
])('of %s chosen and %s of the browser, %s is spoken', (stored, browser, expected) => {
  expect(preferredLanguage(stored, browser)).toBe(expected)
})

test('numbers, sizes and times are written as the language writes them', () => {
  const [vi, en] = [formatIn('vi'), formatIn('en')]
  expect([vi.number(1234.56, 1), en.number(1234.56, 1)]).toEqual(['1.234,6', '1,234.6'])
  expect([vi.score(0.95), en.score(1)]).toEqual(['0,950', '1.000'])
  // Words for units differ from one version of Unicode's data to the next; the numbers do not.
  const numbers = (texts: readonly string[]) => texts.map((text) => (text.match(/[\d.,]+/g) ?? []).join(' '))
  expect(numbers([en.bytes(0), en.bytes(1_500), vi.bytes(1_500), en.bytes(2e9)])).toEqual(['0', '1.5', '1,5', '2'])
  expect(numbers([0, 59, 3_725, 90_000].map(en.duration))).toEqual(['0', '59', '1 2', '1 1'])
  expect(numbers([3.25, 412, 1_850].map(en.milliseconds))).toEqual(['3.3', '412', '1.9'])
  expect(vi.list(['a', 'b', 'c'])).toBe('a, b và c')
})
