import { describe, expect, test } from 'vitest'
import { IdentifyAnswer } from '../../../src/http/wire/recognition.ts'
import { expectAnswer, expectError } from '../call.ts'
import { type Contract, retaken } from '../contract.ts'
import { blank, groupPhoto } from '../photos.ts'

export function queryTests(contract: () => Contract): void {
  describe('POST /query', () => {
    test('names an enrolled person from another photo, at the top level and in results', async () => {
      const { call, somebody } = contract()
      const { classId, imageId, photo } = await somebody('Nguyễn Văn Bình')
      const answered = await call('/query', { files: [['file', await retaken(photo)]] })
      const answer = expectAnswer<IdentifyAnswer>(answered, IdentifyAnswer)
      expect(answer).toMatchObject({ class_id: String(classId), image_id: imageId, image_path: 'photo.jpg' })
      expect(answer.nguoi).toEqual({
        class_id: classId,
        ten: 'Nguyễn Văn Bình',
        tuoi: null,
        gioitinh: null,
        noio: null,
      })
      const { faces: _, results, threshold, processing_time_ms, request_id, ...top } = answer
      expect(results).toEqual([{ ...top, class_id: classId }])
      expect(answer.score).toBeGreaterThan(threshold)
      expect(answer.confidence).toBeGreaterThan(0.5)
      expect(processing_time_ms).toBeGreaterThan(0)
      expect(request_id).toBe(answered.headers.get('x-request-id'))
    })

    test('takes the photo as image too', async () => {
      const { call, somebody } = contract()
      const { classId, photo } = await somebody('Trần Thị Cúc')
      const answer = expectAnswer<IdentifyAnswer>(await call('/query', { files: [['image', photo]] }), IdentifyAnswer)
      expect(answer.class_id).toBe(String(classId))
    })

    test('leaves the match keys out where nobody matches', async () => {
      const { call, stranger } = contract()
      const answer = expectAnswer<IdentifyAnswer>(
        await call('/query', { files: [['file', stranger()]] }),
        IdentifyAnswer,
      )
      expect(answer.results).toEqual([])
      expect(answer.faces[0]?.match).toBeNull()
      for (const key of ['image_id', 'image_path', 'class_id', 'score', 'confidence', 'nguoi'])
        expect(answer).not.toHaveProperty(key)
    })

    test('a request may be stricter than the server, never laxer', async () => {
      const { call, somebody, stranger } = contract()
      const { photo } = await somebody('Lê Đình Dũng')
      const file = await retaken(photo)
      const strict = await call('/query', { files: [['file', file]], fields: { threshold: '0.99999' } })
      expect(expectAnswer<IdentifyAnswer>(strict, IdentifyAnswer)).toMatchObject({ results: [], threshold: 0.99999 })
      const lax = await call('/query?threshold=-1', { files: [['file', stranger()]] })
      const answer = expectAnswer<IdentifyAnswer>(lax, IdentifyAnswer)
      expect(answer.threshold).toBe(contract().server.nhandien.operations.report.pack.threshold)
      expect(answer.results).toEqual([])
    })

    test('says scores to strangers with four decimals, to accounts with six', async () => {
      const { call, as, somebody } = contract()
      const { photo } = await somebody('Phạm Em')
      const files = [['file', await retaken(photo)]] as const
      const anonymous = expectAnswer<IdentifyAnswer>(await call('/query', { files }), IdentifyAnswer)
      const known = expectAnswer<IdentifyAnswer>(await as('viewer', '/query', { files }), IdentifyAnswer)
      const decimals = (score: number | undefined) => String(score).split('.')[1]?.length ?? 0
      expect(decimals(anonymous.score)).toBeLessThanOrEqual(4)
      expect(decimals(known.score)).toBeGreaterThan(4)
      expect(anonymous.score).toBeCloseTo(known.score ?? 0, 3)
    })

    test('returns every face of a group with its box inside the photo', async () => {
      const answered = await contract().call('/query', { files: [['file', groupPhoto(1)]] })
      const { faces } = expectAnswer<IdentifyAnswer>(answered, IdentifyAnswer)
      expect(faces).toHaveLength(3)
      for (const { box } of faces) expect(Math.min(box.x, box.y, box.width, box.height)).toBeGreaterThan(0)
    })

    test('a photo without a face is a 422', async () => {
      expectError(await contract().call('/query', { files: [['file', await blank()]] }), 'no-face')
    })

    test('names the field when the photo is missing, misplaced, text, or one too many', async () => {
      const { call } = contract()
      const photo = groupPhoto(1)
      expectError(await call('/query', { fields: { other: '1' } }), 'field-missing', { field: 'file' })
      expectError(await call('/query', { encoding: 'json', fields: {} }), 'field-missing', { field: 'file' })
      expectError(await call('/query', { files: [['photo', photo]] }), 'field-missing', { field: 'file' })
      expectError(await call('/query', { fields: { file: 'aGVsbG8=' } }), 'file-invalid', {
        field: 'file',
        reason: 'not-a-file',
      })
      expectError(await call('/query', { encoding: 'json', fields: { image: 'aGVsbG8=' } }), 'file-invalid', {
        field: 'image',
        reason: 'not-a-file',
      })
      const two = [
        ['file', photo],
        ['image', photo],
      ] as const
      expectError(await call('/query', { files: two }), 'file-invalid', { field: 'file', reason: 'one-file-only' })
      expectError(await call('/query', { files: [['file', photo]], fields: { threshold: 'high' } }), 'field-invalid', {
        field: 'threshold',
      })
    })
  })
}
