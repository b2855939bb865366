import { describe, expect, test } from 'vitest'
import { MoveAnswer } from '../../../src/http/wire/rearrangement.ts'
import { ENCODINGS, expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'

export function moveImageTests(contract: () => Contract): void {
  describe('POST /move_image', () => {
    test('moves an image, visible to the next query, in every encoding', async () => {
      const { as, call, somebody } = contract()
      const [first, second] = [await somebody('Lý Nam'), await somebody('Lý Bắc')]
      let [from, to] = [first.classId, second.classId]
      for (const encoding of ENCODINGS) {
        const fields = { image_id: first.imageId, class_id: to }
        const answer = expectAnswer<MoveAnswer>(await as('editor', '/move_image', { encoding, fields }), MoveAnswer)
        expect(answer).toMatchObject({ image_id: first.imageId, class_id: to, nguoi: { class_id: to } })
        const found = await call('/query', { files: [['file', first.photo]] })
        expect(found.body).toMatchObject({ class_id: String(to), image_id: first.imageId })
        ;[from, to] = [to, from]
      }
      expect((await call(`/get_image_ids_by_class/${from}`, { method: 'GET' })).body).toMatchObject({ count: 2 })
    })

    test('refuses what is not there, and a photo that the person has already', async () => {
      const { as, somebody } = contract()
      const first = await somebody('Kha')
      const fields = { class_id: first.classId, force: true }
      const again = await somebody('Kha Hai')
      const move = async (imageId: unknown, classId: unknown) =>
        await as('editor', '/move_image', { encoding: 'json', fields: { image_id: imageId, class_id: classId } })
      expectError(await move(123456789, first.classId), 'image-not-found', { image_id: 123456789 })
      expectError(await move(first.imageId, 2147483647), 'person-not-found', { class_id: 2147483647 })
      expectError(await move(first.imageId, undefined), 'field-missing', { field: 'class_id' })
      expectError(await move([1], first.classId), 'field-invalid', { field: 'image_id' })
      await as('editor', '/add_embedding', { fields, files: [['file', again.photo]] })
      expectError(await move(again.imageId, first.classId), 'already-enrolled')
    })
  })
}
