import { describe, expect, test } from 'vitest'
import { RemovePersonAnswer } from '../../../src/http/wire/change.ts'
import { ENCODINGS, expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'

export function deleteClassTests(contract: () => Contract): void {
  describe('DELETE|POST /delete_class', () => {
    test('removes a person with all images by every way there is, and the next query names nobody', async () => {
      const { as, call, stranger } = contract()
      const photo = stranger()
      const ways = (['DELETE', 'POST'] as const).flatMap((method) =>
        ENCODINGS.map((encoding) => ({ method, encoding })),
      )
      for (const way of [...ways, { method: 'DELETE', encoding: 'query' } as const]) {
        const fields = { ten_nguoi: 'Thoáng Qua', class_id: 500 }
        expect((await as('editor', '/add_embedding', { fields, files: [['file', photo]] })).status).toBe(200)
        const answered = await as('editor', '/delete_class', { ...way, fields: { class_id: 500 } })
        expect(expectAnswer<RemovePersonAnswer>(answered, RemovePersonAnswer)).toEqual({
          success: true,
          message: 'Class deleted successfully',
          images_deleted: 1,
          audit_info: {
            performed_by: 'the-editor',
            action: 'delete_class',
            target_class_id: '500',
            warning: 'TOÀN BỘ dữ liệu của class_id đã được xóa vĩnh viễn',
          },
        })
        expectError(await as('editor', '/delete_class', { ...way, fields: { class_id: 500 } }), 'person-not-found')
      }
      expect((await call('/query', { files: [['file', photo]] })).body).toMatchObject({ results: [] })
    })

    test('removes by path', async () => {
      const { as, somebody } = contract()
      const { classId } = await somebody('Từ Ban')
      const path = `/delete_class/${classId}`
      const wish = { method: 'DELETE', encoding: 'query' } as const
      expectAnswer(await as('editor', path, wish), RemovePersonAnswer)
      expectError(await as('editor', path, wish), 'person-not-found', { class_id: classId })
      for (const id of ['0', '-1', '1.0', '01', '0x1', '%201', '2147483648', '1e1', 'abc'])
        expectError(await as('editor', `/delete_class/${id}`, wish), 'field-invalid', { field: 'class_id' })
    })
  })
}
