import { describe, expect, test } from 'vitest'
import { RemoveImageAnswer } from '../../../src/http/wire/change.ts'
import { ENCODINGS, expectAnswer, expectError } from '../call.ts'
import { type Contract, retaken } from '../contract.ts'

export function deleteImageTests(contract: () => Contract): void {
  describe('DELETE|POST /delete_image', () => {
    test('removes an image by every verb and in every encoding, for good', async () => {
      const { as, call, somebody } = contract()
      const { classId, photo } = await somebody('Quách An')
      const photoAgain = await retaken(photo)
      const ways = (['DELETE', 'POST'] as const).flatMap((method) =>
        ENCODINGS.map((encoding) => ({ method, encoding })),
      )
      for (const way of [...ways, { method: 'DELETE', encoding: 'query' } as const]) {
        const fields = { class_id: classId, image_id: 77 }
        expect((await as('editor', '/add_embedding', { fields, files: [['file', photoAgain]] })).status).toBe(200)
        const answered = await as('editor', '/delete_image', { ...way, fields: { image_id: 77 } })
        expect(expectAnswer<RemoveImageAnswer>(answered, RemoveImageAnswer)).toEqual({
          success: true,
          message: 'Image deleted successfully',
          images_deleted: 1,
          audit_info: { performed_by: 'the-editor', action: 'delete_image', target_image_id: '77' },
        })
        const again = await as('editor', '/delete_image', { ...way, fields: { image_id: 77 } })
        expectError(again, 'image-not-found', { image_id: 77 })
      }
      const left = await call(`/get_image_ids_by_class/${classId}`, { method: 'GET' })
      expect(left.body).toMatchObject({ count: 1 })
    })

    test('needs one image id', async () => {
      const { as } = contract()
      expectError(await as('editor', '/delete_image', { encoding: 'json' }), 'field-missing', { field: 'image_id' })
      expectError(await as('editor', '/delete_image?image_id=1', { encoding: 'json' }), 'field-missing')
      const twice = await as('editor', '/delete_image?image_id=1&image_id=2', { method: 'DELETE', encoding: 'query' })
      expectError(twice, 'field-invalid', { field: 'image_id', reason: 'given-twice' })
      const both = await as('editor', '/delete_image?image_id=1', {
        method: 'DELETE',
        encoding: 'json',
        fields: { image_id: 2 },
      })
      expectError(both, 'field-invalid', { field: 'image_id', reason: 'given-twice' })
    })
  })
}
