import { describe, expect, test } from 'vitest'
import type { AuditAnswer } from '../../../src/http/wire/listing.ts'
import { MergeAnswer, SplitAnswer } from '../../../src/http/wire/rearrangement.ts'
import { ENCODINGS, expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'

export function mergePeopleTests(contract: () => Contract): void {
  describe('POST /merge_people and /split_person', () => {
    test('make two people one and two again, visible to the next query, in every encoding', async () => {
      const { as, call, somebody } = contract()
      const kept = await somebody('Mai Một')
      const other = await somebody('Mai Hai')
      const find = async () => (await call('/query', { files: [['file', other.photo]] })).body
      for (const encoding of ENCODINGS) {
        const merge = { from_class_id: other.classId, into_class_id: kept.classId }
        const merged = expectAnswer<MergeAnswer>(
          await as('editor', '/merge_people', { encoding, fields: merge }),
          MergeAnswer,
        )
        expect(merged).toMatchObject({ nguoi: { ten: 'Mai Một' }, image_ids: [other.imageId], images_deleted: 0 })
        expect(await find()).toMatchObject({ class_id: String(kept.classId), nguoi: { ten: 'Mai Một' } })
        const split = {
          class_id: kept.classId,
          image_ids: encoding === 'json' ? merged.image_ids : merged.image_ids.join(', '),
          new_class_id: other.classId,
          ten_nguoi: 'Mai Hai',
        }
        const again = expectAnswer<SplitAnswer>(
          await as('editor', '/split_person', { encoding, fields: split }),
          SplitAnswer,
        )
        expect(again.class_id).toBe(other.classId)
        expect(await find()).toMatchObject({ class_id: String(other.classId), nguoi: { ten: 'Mai Hai' } })
      }
      const { body } = await as('admin', '/audit_logs?action=merge_people', { method: 'GET' })
      expect((body as AuditAnswer).results[0]).toMatchObject({
        target: `person:${other.classId}`,
        details: { into: kept.classId, imageIds: [other.imageId] },
      })
    })

    test('refuse what they cannot place', async () => {
      const { as, somebody } = contract()
      const { classId, imageId } = await somebody('Nga')
      const merge = async (from: unknown, into: unknown) =>
        await as('editor', '/merge_people', { encoding: 'json', fields: { from_class_id: from, into_class_id: into } })
      expectError(await merge(classId, classId), 'field-invalid', { field: 'into_class_id', reason: 'same-person' })
      expectError(await merge(2147483647, classId), 'person-not-found', { class_id: 2147483647 })
      expectError(await merge(classId, 2147483647), 'person-not-found', { class_id: 2147483647 })
      expectError(await merge(undefined, classId), 'field-missing', { field: 'from_class_id' })
      const split = async (fields: Record<string, unknown>) =>
        await as('editor', '/split_person', { encoding: 'json', fields: { class_id: classId, ...fields } })
      expectError(await split({ image_ids: [imageId] }), 'field-missing', { field: 'ten_nguoi' })
      expectError(await split({ ten: 'Ai' }), 'field-missing', { field: 'image_ids' })
      expectError(await split({ ten: 'Ai', image_ids: [] }), 'field-invalid', { reason: 'empty' })
      expectError(await split({ ten: 'Ai', image_ids: [imageId, 'x'] }), 'field-invalid', { reason: 'not-an-integer' })
      expectError(await split({ ten: 'Ai', image_ids: Array(1001).fill(1) }), 'field-invalid', { max: 1000 })
      expectError(await split({ ten: 'Ai', image_ids: [987654321] }), 'image-not-found', { image_id: 987654321 })
      expectError(await split({ ten: 'Ai', image_ids: [imageId], new_class_id: classId }), 'field-invalid')
    })
  })
}
