import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hrefOf, parseRoute } from './route.ts'

test('what an address was made of is read back from it', () => {
  const part = fc.string({ unit: 'grapheme', minLength: 1 })
  fc.assert(
    fc.property(fc.array(part), fc.dictionary(fc.stringMatching(/^[a-z]+$/), part), (path, params) => {
      const route = parseRoute(hrefOf(path, params))
      expect(route.path).toEqual(path)
      expect(Object.fromEntries(route.params)).toEqual(params)
    }),
    { seed: 2026 },
  )
})

test('empty and absent parameters are left out, and broken escapes are taken as they are', () => {
  expect(hrefOf(['people'], { query: '', page: 2, sort: undefined })).toBe('#/people?page=2')
  expect(parseRoute('').path).toEqual([])
  expect(parseRoute('#/people/%E0%A4%A').path).toEqual(['people', '%E0%A4%A'])
})
