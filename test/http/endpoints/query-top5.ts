import { describe, expect, test } from 'vitest'
import { RankAnswer } from '../../../src/http/wire/recognition.ts'
import { expectAnswer, expectError } from '../call.ts'
import { type Contract, retaken } from '../contract.ts'

export function queryTop5Tests(contract: () => Contract): void {
  describe('POST /query_top5', () => {
    test('ranks five different people, nearest first, below the threshold too', async () => {
      const { call, somebody } = contract()
      const { classId, photo } = await somebody('Đỗ Gia')
      for (const name of ['Bùi Hà', 'Hồ Ích', 'Ngô Khang', 'Mạc Long', 'Ông Minh']) await somebody(name)
      const answered = await call('/query_top5', { files: [['file', await retaken(photo)]] })
      const { results, threshold, total_time } = expectAnswer<RankAnswer>(answered, RankAnswer)
      expect(results).toHaveLength(5)
      expect(results.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5])
      expect(results[0]).toMatchObject({ class_id: classId, match: true, nguoi: { ten: 'Đỗ Gia' } })
      expect(new Set(results.map((result) => result.class_id)).size).toBe(5)
      const scores = results.map(({ score }) => score)
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
      for (const { score, match } of results) expect(match).toBe(score > threshold)
      expect(results.some(({ match }) => !match)).toBe(true)
      expect(total_time).toBeGreaterThan(0)
    })

    test('limit and group_by are honoured, in the address and in the form', async () => {
      const { as, call, somebody } = contract()
      const { classId, photo } = await somebody('Dương Lan')
      const second = await as('editor', '/add_embedding', {
        fields: { class_id: classId },
        files: [['file', await retaken(photo)]],
      })
      expect(second.status).toBe(200)
      const files = [['file', photo]] as const
      const images = await call('/query_top5?limit=2&group_by=image', { files })
      const ranked = expectAnswer<RankAnswer>(images, RankAnswer).results
      expect(ranked.map((result) => result.class_id)).toEqual([classId, classId])
      const one = await call('/query_top5', { files, fields: { limit: 1 } })
      expect(expectAnswer<RankAnswer>(one, RankAnswer).results).toHaveLength(1)
      const grouped = await call('/query_top5?limit=2', { files })
      const people = expectAnswer<RankAnswer>(grouped, RankAnswer).results.map((result) => result.class_id)
      expect(new Set(people).size).toBe(2)
    })

    test.each(['0', '51', '-1', '1.5', 'five', '0x5', ' 5'])('refuses limit=%s', async (limit) => {
      const answered = await contract().call(`/query_top5?limit=${encodeURIComponent(limit)}`, { fields: { a: 1 } })
      expectError(answered, 'field-invalid', { field: 'limit' })
    })

    test('refuses a group_by that does not exist', async () => {
      expectError(await contract().call('/query_top5?group_by=name', { fields: { a: 1 } }), 'field-invalid', {
        field: 'group_by',
        reason: 'not-one-of',
      })
    })
  })
}
