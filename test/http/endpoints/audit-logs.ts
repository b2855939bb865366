import { describe, expect, test } from 'vitest'
import { AuditAnswer } from '../../../src/http/wire/listing.ts'
import { expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'

export function auditLogsTests(contract: () => Contract): void {
  describe('GET /audit_logs', () => {
    const audit = async (query: string) => {
      const answered = await contract().as('admin', `/audit_logs${query}`, { method: 'GET' })
      return expectAnswer<AuditAnswer>(answered, AuditAnswer)
    }

    test('says who did what, from where, in which request', async () => {
      const { as, stranger } = contract()
      const headers = { 'x-request-id': 'audited-request-1' }
      const fields = { ten_nguoi: 'Âu Hiền' }
      await as('editor', '/add_embedding', { headers, fields, files: [['file', stranger()]] })
      const { results } = await audit('?username=the-editor&action=add_embedding&page_size=100')
      const row = results.find((one) => one.request_id === 'audited-request-1')
      expect(row).toMatchObject({
        username: 'the-editor',
        action: 'add_embedding',
        address: '127.0.0.1',
        outcome: 'done',
      })
    })

    test('filters by time', async () => {
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
      expect((await audit(`?from=${tomorrow}`)).total).toBe(0)
      expect((await audit(`?to=${tomorrow}`)).total).toBeGreaterThan(0)
      expect((await audit('?from=2020-01-01')).total).toBeGreaterThan(0)
      expect((await audit('?action=no_such_action')).total).toBe(0)
    })

    test('is for administrators, and refuses malformed filters', async () => {
      const { as } = contract()
      expectError(await as('editor', '/audit_logs', { method: 'GET' }), 'forbidden', { role: 'admin' })
      for (const query of ['from=yesterday', 'from=2024-13-01', 'to=1', 'from=2024-02-31T25:00Z'])
        expectError(await as('admin', `/audit_logs?${query}`, { method: 'GET' }), 'field-invalid', {
          reason: 'not-a-date',
        })
    })
  })
}
