import { describe, expect, test } from 'vitest'
import { EnrolAnswer } from '../../../src/http/wire/change.ts'
import type { ImagesOfAnswer, PeopleAnswer } from '../../../src/http/wire/listing.ts'
import { expectAnswer, expectError } from '../call.ts'
import { type Contract, retaken } from '../contract.ts'
import { blank, groupPhoto } from '../photos.ts'

export function addEmbeddingTests(contract: () => Contract): void {
  describe('POST /add_embedding', () => {
    test('enrols a new person with every field', async () => {
      const { as, stranger } = contract()
      const fields = {
        ten_nguoi: 'Đặng Thị Ngọc',
        tuoi: 27,
        gioi_tinh: 'Nữ',
        noi_o: 'Đà Nẵng',
        image_path: '../ảnh/1.jpg',
      }
      const answered = await as('editor', '/add_embedding', { fields, files: [['file', stranger()]] })
      const answer = expectAnswer<EnrolAnswer>(answered, EnrolAnswer)
      expect(answer).toMatchObject({
        success: true,
        message: 'Embedding added successfully',
        image_ids: [answer.image_id],
        nguoi: { class_id: answer.class_id, ten: 'Đặng Thị Ngọc', tuoi: 27, gioitinh: 'Nữ', noio: 'Đà Nẵng' },
        rejected: [],
        audit_info: { performed_by: 'the-editor', action: 'add_embedding' },
      })
    })

    test('takes the other spellings and the flags of old clients', async () => {
      const { as, stranger } = contract()
      const fields = { ten: 'Võ Oanh', gioitinh: 'false', noio: 'Huế' }
      const answered = await as('editor', '/add_embedding', {
        fields,
        files: [['image', stranger(), 'ảnh của Oanh.jpg']],
      })
      expect(expectAnswer<EnrolAnswer>(answered, EnrolAnswer).nguoi).toMatchObject({
        ten: 'Võ Oanh',
        gioitinh: 'Nữ',
        noio: 'Huế',
      })
      const listed = await contract().call('/search_embeddings?page_size=100&sort_by=image_id_desc', { method: 'GET' })
      expect(JSON.stringify(listed.body)).toContain('ảnh của Oanh.jpg')
    })

    test('keeps good photos, lists bad ones, and creates nothing of bad ones alone', async () => {
      const { as, call, stranger } = contract()
      const files = [
        ['file', await blank()],
        ['file', stranger()],
        ['file', Buffer.from('not a photo')],
      ] as const
      const answer = expectAnswer<EnrolAnswer>(
        await as('editor', '/add_embedding', {
          fields: { ten_nguoi: 'Phan Phúc' },
          files,
          headers: { 'accept-language': 'en' },
        }),
        EnrolAnswer,
      )
      expect(answer.image_ids).toHaveLength(1)
      expect(answer.rejected).toMatchObject([
        { index: 0, code: 'no-face', error: 'No face was found in the photo.' },
        { index: 2, code: 'image-unsupported' },
      ])
      const bad = [['file', await blank()]] as const
      expectError(await as('editor', '/add_embedding', { fields: { ten_nguoi: 'Vũ Quế' }, files: bad }), 'no-face')
      const found = await call('/list_nguoi?query=vu%20que', { method: 'GET' })
      expect((found.body as PeopleAnswer).results.total).toBe(0)
    })

    test('recognises the same file instead of storing it twice, and adds to a known person', async () => {
      const { as, call, somebody } = contract()
      const { classId, imageId, photo } = await somebody('Đinh Rạng')
      const files = [['file', photo]] as const
      const again = await as('editor', '/add_embedding', { fields: { ten_nguoi: 'Đinh Rạng' }, files })
      expect(expectAnswer<EnrolAnswer>(again, EnrolAnswer)).toMatchObject({ class_id: classId, image_ids: [imageId] })
      const other = await as('editor', '/add_embedding', {
        fields: { class_id: String(classId), image_id: 900_719_925 },
        files: [['file', await retaken(photo)]],
      })
      expect(expectAnswer<EnrolAnswer>(other, EnrolAnswer).image_id).toBe(900_719_925)
      const images = await call(`/get_image_ids_by_class/${classId}`, { method: 'GET' })
      expect((images.body as ImagesOfAnswer).image_ids).toEqual([imageId, 900_719_925])
    })

    test('refuses a face that is enrolled under another person, unless forced', async () => {
      const { as, somebody } = contract()
      const { classId, photo } = await somebody('Mai Sen')
      const wish = { fields: { ten_nguoi: 'Kẻ Mạo Danh' }, files: [['file', await retaken(photo)]] as const }
      const refused = expectError(await as('editor', '/add_embedding', wish), 'already-enrolled')
      expect(refused.details?.nguoi).toMatchObject({ class_id: classId, ten: 'Mai Sen' })
      const second = [['file', await blank()], ...wish.files] as const
      const { details } = expectError(
        await as('editor', '/add_embedding', { ...wish, files: second }),
        'already-enrolled',
      )
      expect(details?.index).toBe(1)
      const forced = await as('editor', '/add_embedding', { ...wish, fields: { ...wish.fields, force: 'true' } })
      expect(expectAnswer<EnrolAnswer>(forced, EnrolAnswer).class_id).not.toBe(classId)
    })

    test('takes the main face of a group, or refuses it when asked to be strict', async () => {
      const { as } = contract()
      const fields = { ten_nguoi: 'Nhóm', strict: 'true' }
      expectError(await as('editor', '/add_embedding', { fields, files: [['file', groupPhoto(4)]] }), 'several-faces')
    })

    test('refuses ids that are taken or unknown, and a person without a name', async () => {
      const { as, somebody } = contract()
      const { imageId, photo } = await somebody('Cao Tâm')
      const files = [['file', photo]] as const
      expectError(
        await as('editor', '/add_embedding', { fields: { ten_nguoi: 'X', image_id: imageId }, files }),
        'image-id-taken',
      )
      expectError(await as('editor', '/add_embedding', { fields: { class_id: 2147483647 }, files }), 'person-not-found')
      expectError(await as('editor', '/add_embedding', { files }), 'field-missing', { field: 'ten_nguoi' })
      expectError(await as('editor', '/add_embedding', { fields: { ten_nguoi: 'X' } }), 'field-missing', {
        field: 'file',
      })
    })

    test.each([
      [{ tuoi: '-1' }, 'tuoi'],
      [{ tuoi: '1e3' }, 'tuoi'],
      [{ tuoi: '151' }, 'tuoi'],
      [{ gioi_tinh: 'robot' }, 'gioi_tinh'],
      [{ class_id: '0' }, 'class_id'],
      [{ class_id: '2147483648' }, 'class_id'],
      [{ image_id: '9007199254740993' }, 'image_id'],
      [{ image_id: '-5' }, 'image_id'],
      [{ ten_nguoi: 'x'.repeat(101) }, 'ten_nguoi'],
      [{ ten_nguoi: 'a\u0000b' }, 'ten_nguoi'],
      [{ noi_o: 'x'.repeat(101) }, 'noi_o'],
      [{ image_path: 'x'.repeat(256) }, 'image_path'],
      [{ strict: 'maybe' }, 'strict'],
    ])('refuses %j', async (fields, field) => {
      const { as } = contract()
      const wish = { fields: { ten_nguoi: 'Ai', ...fields }, files: [['file', groupPhoto(1)]] as const }
      expectError(await as('editor', '/add_embedding', wish), 'field-invalid', { field })
    })
  })
}
