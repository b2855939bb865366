import { describe, expect, test } from 'vitest'
import { VerifyAnswer } from '../../../src/http/wire/recognition.ts'
import { expectAnswer, expectError } from '../call.ts'
import { type Contract, retaken } from '../contract.ts'
import { blank } from '../photos.ts'

export function verifyTests(contract: () => Contract): void {
  describe('POST /verify', () => {
    test('compares two photos', async () => {
      const { call, stranger } = contract()
      const one = stranger()
      const same = [
        ['file', one],
        ['file2', await retaken(one)],
      ] as const
      expect(expectAnswer<VerifyAnswer>(await call('/verify', { files: same }), VerifyAnswer).match).toBe(true)
      const others = [
        ['file', one],
        ['file2', stranger()],
      ] as const
      const answer = expectAnswer<VerifyAnswer>(await call('/verify', { files: others }), VerifyAnswer)
      expect(answer).toMatchObject({ match: false })
      expect(answer).not.toHaveProperty('image_id')
    })

    test('compares a photo with an enrolled person', async () => {
      const { call, somebody } = contract()
      const { classId, imageId, photo } = await somebody('Lý Mai')
      const answered = await call('/verify', { files: [['file', await retaken(photo)]], fields: { class_id: classId } })
      expect(expectAnswer<VerifyAnswer>(answered, VerifyAnswer)).toMatchObject({ match: true, image_id: imageId })
      const unknown = await call('/verify', { files: [['file', photo]], fields: { class_id: 2147483647 } })
      expectError(unknown, 'person-not-found', { class_id: 2147483647 })
    })

    test('needs something to compare with', async () => {
      const { call, stranger } = contract()
      const photo = stranger()
      expectError(await call('/verify', { files: [['file', photo]] }), 'field-missing', { field: 'file2' })
      const both = [
        ['file', photo],
        ['file2', photo],
      ] as const
      expectError(await call('/verify', { files: both, fields: { class_id: 1 } }), 'field-invalid', {
        reason: 'one-of-two',
      })
      const faceless = [
        ['file', photo],
        ['file2', await blank()],
      ] as const
      expectError(await call('/verify', { files: faceless }), 'no-face', { field: 'file2' })
    })
  })
}
