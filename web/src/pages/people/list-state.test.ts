import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PERSON_ORDERS } from '../../api/people.ts'
import { hrefOf, parseRoute } from '../../routing/route.ts'
import { listParams, PAGE_SIZES, readListState } from './list-state.ts'

test('what the list shows survives the address', () => {
  const state = fc.record({
    words: fc.string({ unit: 'grapheme', maxLength: 30 }),
    page: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    pageSize: fc.constantFrom(...PAGE_SIZES),
    order: fc.constantFrom(...PERSON_ORDERS),
  })
  fc.assert(
    fc.property(state, (shown) => {
      expect(readListState(parseRoute(hrefOf(['people'], listParams(shown))).params)).toEqual(shown)
    }),
    { seed: 2026 },
  )
})

test('an address that was tampered with shows the first page', () => {
  for (const query of ['page=0', 'page=-1', 'page=1.5', 'page=x', 'size=7', 'sort=secret', 'page=1e99'])
    expect(readListState(new URLSearchParams(query))).toEqual(readListState(new URLSearchParams()))
})
