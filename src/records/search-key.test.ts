import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, SEARCH_KEY_LENGTH_MAX, searchKeyOf } from './search-key.ts'

describe('folding', () => {
  it.each([
    ['Nguyễn Văn Đạt', 'nguyen van dat'],
    ['Nguyễn'.normalize('NFD'), 'nguyen'],
    ['  ĐÀ\t NẴNG ', 'da nang'],
    ['İSTANBUL', 'istanbul'],
    ['한국'.normalize('NFD'), '한국'],
    ['', ''],
  ])('makes %j %j', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  it('is the same for every Unicode form, every case, and when done twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = fold(text)
        expect(fold(text.normalize('NFD'))).toBe(once)
        expect(fold(text.normalize('NFC'))).toBe(once)
        expect(fold(once)).toBe(once)
      }),
      { seed: 4, numRuns: 500 },
    )
  })
})

describe('the search key', () => {
  it('keeps fields apart and fits its column', () => {
    const row = { class_id: 7, ten: 'An', tuoi: 31, noio: 'Huế' }
    expect(searchKeyOf(row)).toBe('7\nan\n31\nhue')
    const long = searchKeyOf({ class_id: 7, ten: 'ß'.repeat(1000), tuoi: null, noio: null })
    expect([...long].length).toBe(SEARCH_KEY_LENGTH_MAX)
  })
})
