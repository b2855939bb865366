import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { DetectAnswer } from '../../../src/http/wire/recognition.ts'
import { expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'
import { blank, GROUP_SIZES, groupPhoto } from '../photos.ts'

export function detectTests(contract: () => Contract): void {
  describe('POST /detect', () => {
    test('finds the people of a group photo, and which face is the main one', async () => {
      const answered = await contract().call('/detect', { files: [['file', groupPhoto(2)]] })
      const { faces, main_face, width, height } = expectAnswer<DetectAnswer>(answered, DetectAnswer)
      expect(faces).toHaveLength(GROUP_SIZES[1])
      expect(main_face).toBeGreaterThanOrEqual(0)
      for (const { box } of faces) {
        expect(box.x + box.width).toBeLessThanOrEqual(width)
        expect(box.y + box.height).toBeLessThanOrEqual(height)
      }
    })

    test('says beforehand why a face would not be enrolled', async () => {
      const { as, call, stranger } = contract()
      const good = stranger()
      const dark = await sharp(good).linear(0.07).jpeg().toBuffer()
      const small = await sharp(good).resize(45).jpeg().toBuffer()
      const gravest = async (photo: Buffer) => {
        const answer = expectAnswer<DetectAnswer>(await call('/detect', { files: [['file', photo]] }), DetectAnswer)
        return answer.faces[answer.main_face ?? 0]?.shortcomings[0] ?? null
      }
      for (const photo of [dark, small]) {
        const shortcoming = await gravest(photo)
        const refused = await as('editor', '/add_embedding', { fields: { ten_nguoi: 'Ai' }, files: [['file', photo]] })
        expect(shortcoming).not.toBeNull()
        const { reason, measured, limit } = shortcoming ?? {}
        expect(expectError(refused, 'quality-too-low', { reason, measured, limit }).error).toBe(shortcoming?.error)
      }
      expect(await gravest(good)).toBeNull()
    })

    test('a photo without a face has none, and that is an answer', async () => {
      const answered = await contract().call('/detect', { files: [['file', await blank()]] })
      expect(expectAnswer<DetectAnswer>(answered, DetectAnswer)).toMatchObject({ faces: [], main_face: null })
    })

    test('refuses what is no photo', async () => {
      const { call } = contract()
      expectError(await call('/detect', { files: [['file', Buffer.from('hello')]] }), 'image-unsupported')
      expectError(await call('/detect', { files: [['file', groupPhoto(1).subarray(0, 200)]] }), 'image-unreadable')
    })
  })
}
