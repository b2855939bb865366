import { describe, expect, test } from 'vitest'
import { EmbedAnswer } from '../../../src/http/wire/recognition.ts'
import { expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'
import { groupPhoto } from '../photos.ts'

export function embedTests(contract: () => Contract): void {
  describe('POST /embed', () => {
    test('gives editors the unit template of the main face and the model it belongs to', async () => {
      const { as, server } = contract()
      const answered = await as('editor', '/embed', { files: [['file', groupPhoto(1)]] })
      const { embedding, dimension, model } = expectAnswer<EmbedAnswer>(answered, EmbedAnswer)
      expect(embedding).toHaveLength(dimension)
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 3)
      expect(model).toBe(server.nhandien.operations.report.pack.modelId)
    })

    test('no template leaves the server without the editor role', async () => {
      const { as, call } = contract()
      const files = [['file', groupPhoto(1)]] as const
      expectError(await call('/embed', { files }), 'token-missing')
      expectError(await as('viewer', '/embed', { files }), 'forbidden')
    })
  })
}
