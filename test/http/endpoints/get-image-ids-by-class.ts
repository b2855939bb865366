import { describe, expect, test } from 'vitest'
import { ImagesOfAnswer } from '../../../src/http/wire/listing.ts'
import { expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'

export function getImageIdsByClassTests(contract: () => Contract): void {
  describe('GET /get_image_ids_by_class', () => {
    test('answers by path and by query alike', async () => {
      const { call, somebody } = contract()
      const { classId, imageId } = await somebody('Lâm Duy')
      for (const path of [`/get_image_ids_by_class/${classId}`, `/get_image_ids_by_class?class_id=${classId}`]) {
        const answer = expectAnswer<ImagesOfAnswer>(await call(path, { method: 'GET' }), ImagesOfAnswer)
        expect(answer).toMatchObject({ class_id: classId, image_ids: [imageId], count: 1, nguoi: { ten: 'Lâm Duy' } })
      }
    })

    test('refuses unknown and malformed ids', async () => {
      const { call } = contract()
      const get = async (path: string) => await call(`/get_image_ids_by_class${path}`, { method: 'GET' })
      expectError(await get('/2147483647'), 'person-not-found')
      expectError(await get(''), 'field-missing', { field: 'class_id' })
      for (const id of ['0', '-1', '1.5', '2147483648', 'x', '1%20'])
        expectError(await get(`/${id}`), 'field-invalid', { field: 'class_id' })
    })
  })
}
