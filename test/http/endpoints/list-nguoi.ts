import { describe, expect, test } from 'vitest'
import { PeopleAnswer } from '../../../src/http/wire/listing.ts'
import { expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'

export function listNguoiTests(contract: () => Contract): void {
  describe('GET /list_nguoi', () => {
    const list = async (query: string) => await contract().call(`/list_nguoi${query}`, { method: 'GET' })

    test('finds people without regard to case or accents, with the number of their images', async () => {
      const { somebody } = contract()
      const { classId, imageId } = await somebody('Nguyễn Đức Thịnh')
      for (const text of ['nguyen duc', 'NGUYỄN ĐỨC', 'đức thịnh', String(classId)]) {
        const answer = expectAnswer<PeopleAnswer>(await list(`?query=${encodeURIComponent(text)}`), PeopleAnswer)
        const row = answer.results.nguoi_list.find((person) => person.class_id === classId)
        expect(row, text).toEqual({
          class_id: classId,
          ten: 'Nguyễn Đức Thịnh',
          tuoi: null,
          gioitinh: null,
          noio: null,
          so_anh: 1,
          image_id: imageId,
        })
      }
    })

    test('pages', async () => {
      const first = expectAnswer<PeopleAnswer>(await list('?page_size=2'), PeopleAnswer)
      expect(first).toMatchObject({ page: 1, page_size: 2, total_pages: Math.ceil(first.results.total / 2) })
      const second = expectAnswer<PeopleAnswer>(await list('?page_size=2&page=2'), PeopleAnswer)
      const ids = [...first.results.nguoi_list, ...second.results.nguoi_list].map((person) => person.class_id)
      expect(new Set(ids).size).toBe(ids.length)
      const beyond = expectAnswer<PeopleAnswer>(await list('?page=1000000000'), PeopleAnswer)
      expect(beyond.results.nguoi_list).toEqual([])
      expect(expectAnswer<PeopleAnswer>(await list('?query=&page=&page_size='), PeopleAnswer).page_size).toBe(15)
    })

    test('sorts', async () => {
      const { somebody } = contract()
      await somebody('Ấn Đầu')
      const idsBy = async (order: string) =>
        expectAnswer<PeopleAnswer>(await list(`?sort_by=${order}`), PeopleAnswer).results.nguoi_list.map(
          (person) => person.ten,
        )
      expect(await idsBy('name_asc')).toEqual(['Ấn Đầu', 'Nguyễn Đức Thịnh'])
      expect(await idsBy('name_desc')).toEqual(['Nguyễn Đức Thịnh', 'Ấn Đầu'])
      expect(await idsBy('class_id_asc')).toEqual(['Nguyễn Đức Thịnh', 'Ấn Đầu'])
      expect(await idsBy('updated_desc')).toEqual(['Ấn Đầu', 'Nguyễn Đức Thịnh'])
    })

    test.each(['%', '_', '\\', "' OR 1=1 --", '%%%', '*'])('takes %s for text', async (text) => {
      const answer = expectAnswer<PeopleAnswer>(await list(`?query=${encodeURIComponent(text)}`), PeopleAnswer)
      expect(answer.results.total).toBe(0)
    })

    test.each([
      ['page=0', 'page'],
      ['page=-1', 'page'],
      ['page=1.5', 'page'],
      ['page=99999999999999999999', 'page'],
      ['page_size=0', 'page_size'],
      ['page_size=101', 'page_size'],
      ['page_size=1000000', 'page_size'],
      ['page=1&page=2', 'page'],
      ['query=a&query=b', 'query'],
      ['query=%00', 'query'],
      ['sort_by=name', 'sort_by'],
      [`query=${'x'.repeat(201)}`, 'query'],
    ])('refuses %s', async (query, field) => {
      expectError(await list(`?${query}`), 'field-invalid', { field })
    })
  })
}
