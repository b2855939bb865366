import { describe, expect, test } from 'vitest'
import { EditAnswer } from '../../../src/http/wire/change.ts'
import type { IdentifyAnswer } from '../../../src/http/wire/recognition.ts'
import { ENCODINGS, expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'

export function editEmbeddingTests(contract: () => Contract): void {
  describe('PUT|POST /edit_embedding', () => {
    test('changes a person by every verb and in every encoding', async () => {
      const { as, somebody } = contract()
      const { classId } = await somebody('Tạ Uyên')
      let age = 20
      for (const method of ['PUT', 'POST'])
        for (const encoding of ENCODINGS) {
          age += 1
          const fields = { class_id: classId, tuoi: age, noi_o: 'Hải Phòng' }
          const answered = await as('editor', '/edit_embedding', { method, encoding, fields })
          const answer = expectAnswer<EditAnswer>(answered, EditAnswer)
          expect(answer.nguoi).toEqual({
            class_id: classId,
            ten: 'Tạ Uyên',
            tuoi: age,
            gioitinh: null,
            noio: 'Hải Phòng',
          })
          expect(answer.fields_changed).toContain('tuoi')
          expect(answer).toMatchObject({ embedding_updated: false, audit_info: { performed_by: 'the-editor' } })
        }
    })

    test('JSON null clears what may be unknown; a form field left empty changes nothing', async () => {
      const { as, somebody } = contract()
      const { classId } = await somebody('Hà Vân')
      const edit = async (encoding: 'json' | 'form', fields: Record<string, unknown>) =>
        expectAnswer<EditAnswer>(
          await as('editor', '/edit_embedding', { encoding, fields: { class_id: classId, ...fields } }),
          EditAnswer,
        ).nguoi
      await edit('json', { tuoi: 40, gioi_tinh: true, noi_o: 'Vinh' })
      expect(await edit('form', { tuoi: '', gioi_tinh: '', noi_o: '' })).toMatchObject({
        tuoi: 40,
        gioitinh: 'Nam',
        noio: 'Vinh',
      })
      expect(await edit('json', { tuoi: null, gioi_tinh: null, noi_o: null })).toMatchObject({
        tuoi: null,
        gioitinh: null,
        noio: null,
      })
    })

    test("replaces an image's photo and label, visible to the next query", async () => {
      const { as, call, somebody, stranger } = contract()
      const { classId, imageId, photo } = await somebody('Chu Xuân')
      const other = stranger()
      const answered = await as('editor', '/edit_embedding', {
        method: 'PUT',
        fields: { image_id: imageId, image_path: 'mới.jpg', ten: 'Chu Thị Xuân' },
        files: [['file', other]],
      })
      expect(expectAnswer<EditAnswer>(answered, EditAnswer)).toMatchObject({
        image_id: imageId,
        embedding_updated: true,
        nguoi: { class_id: classId, ten: 'Chu Thị Xuân' },
      })
      const found = (await call('/query', { files: [['file', other]] })).body as IdentifyAnswer
      expect(found).toMatchObject({ class_id: String(classId), image_path: 'mới.jpg' })
      expect((await call('/query', { files: [['file', photo]] })).body).toMatchObject({ results: [] })
    })

    test('refuses what it cannot place', async () => {
      const { as, somebody } = contract()
      const { imageId } = await somebody('Tô Yến')
      const edit = async (fields: Record<string, unknown>) =>
        await as('editor', '/edit_embedding', { encoding: 'json', fields })
      expectError(await edit({ ten: 'Ai' }), 'field-missing', { field: 'class_id' })
      expectError(await edit({ image_path: 'x' }), 'field-missing', { field: 'image_id' })
      expectError(await edit({ class_id: 2147483647, tuoi: 3 }), 'person-not-found')
      expectError(await edit({ image_id: 123456789 }), 'image-not-found', { image_id: 123456789 })
      expectError(await edit({ image_id: imageId, class_id: 2147483647 }), 'field-invalid', { field: 'class_id' })
      expectError(await edit({ class_id: [1], tuoi: 3 }), 'field-invalid', { field: 'class_id' })
      expectError(await edit({ class_id: 1, tuoi: { $gt: 1 } }), 'field-invalid', { field: 'tuoi' })
      expectError(await edit({ class_id: 1, ten_nguoi: '' }), 'field-invalid', { field: 'ten_nguoi', reason: 'empty' })
      expectError(await edit({ class_id: 1, ten_nguoi: '\ud800' }), 'field-invalid', { field: 'ten_nguoi' })
    })
  })
}
