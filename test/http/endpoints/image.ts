import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { expectError } from '../call.ts'
import type { Contract } from '../contract.ts'

export function imageTests(contract: () => Contract): void {
  describe('GET /image/{image_id}', () => {
    test('gives accounts the stored face as a JPEG that no cache keeps', async () => {
      const { as, server, somebody } = contract()
      const { imageId } = await somebody('Tăng Giang')
      const token = await server.tokenOf('viewer')
      const response = await fetch(`${server.url}/image/${imageId}`, { headers: { authorization: `Bearer ${token}` } })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('image/jpeg')
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect((await sharp(Buffer.from(await response.arrayBuffer())).metadata()).format).toBe('jpeg')
      expectError(await as('viewer', '/image/123456789', { method: 'GET' }), 'image-not-found')
      expectError(await as('viewer', '/image/x', { method: 'GET' }), 'field-invalid', { field: 'image_id' })
    })

    test('is not public', async () => {
      expectError(await contract().call('/image/1', { method: 'GET' }), 'token-missing')
    })
  })
}
