import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { ResetAnswer } from '../../../src/http/wire/change.ts'
import { expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'

/** Runs last: it leaves nothing. */
export function resetIndexTests(contract: () => Contract): void {
  describe('POST /reset_index', () => {
    test('is for administrators', async () => {
      expectError(await contract().as('editor', '/reset_index', { encoding: 'json' }), 'forbidden', { role: 'admin' })
    })

    test('removes the images, then the people too, and names a backup that is there', async () => {
      const { as, call, server, somebody } = contract()
      await somebody('Hết Rồi')
      expectError(await as('admin', '/reset_index', { encoding: 'json', fields: { scope: 'some' } }), 'field-invalid', {
        field: 'scope',
      })
      const images = expectAnswer<ResetAnswer>(await as('admin', '/reset_index', { encoding: 'json' }), ResetAnswer)
      expect(images.images_deleted).toBeGreaterThan(0)
      expect(images.people_deleted).toBe(0)
      expect(images.audit_info).toEqual({ performed_by: 'the-admin', action: 'reset_index' })
      const files = await readdir(server.dataDir, { recursive: true })
      expect(files.some((file) => file.endsWith(images.backup))).toBe(true)
      expect((await call('/index_status', { method: 'GET' })).body).toMatchObject({ num_vectors: 0, num_image_ids: 0 })
      expect((await call('/list_nguoi', { method: 'GET' })).body).not.toMatchObject({ results: { total: 0 } })
      const all = await as('admin', '/reset_index', { encoding: 'form', fields: { scope: 'all' } })
      expect(expectAnswer<ResetAnswer>(all, ResetAnswer).people_deleted).toBeGreaterThan(0)
      expect((await call('/list_nguoi', { method: 'GET' })).body).toMatchObject({ results: { total: 0 } })
    })
  })
}
