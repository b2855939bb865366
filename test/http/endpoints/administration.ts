import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import {
  ModelsAnswer,
  RebuildGalleryAnswer,
  SnapshotGalleryAnswer,
  VerifyGalleryAnswer,
} from '../../../src/http/wire/administration.ts'
import type { AuditAnswer } from '../../../src/http/wire/listing.ts'
import { rawSql } from '../../records/raw-sql.ts'
import { expectAnswer, expectError } from '../call.ts'
import type { Contract } from '../contract.ts'

export function administrationTests(contract: () => Contract): void {
  describe('GET /models', () => {
    test('tells the packs, which one is in use, its threshold and its licence', async () => {
      const { as, server } = contract()
      const { pack } = server.nhandien.operations.report
      const answer = expectAnswer<ModelsAnswer>(await as('admin', '/models', { method: 'GET' }), ModelsAnswer)
      expect(answer).toMatchObject({ active: pack.name, threshold: pack.threshold })
      const active = answer.models.filter((model) => model.active)
      expect(active).toMatchObject([{ name: pack.name, problem: null, model: pack.modelId, licence: pack.licence }])
      expect(active[0]?.bytes).toBeGreaterThan(1_000_000)
    })
  })

  describe('POST /gallery/…', () => {
    const post = async (what: string) => await contract().as('admin', `/gallery/${what}`, { encoding: 'json' })

    test('compares the index with the database', async () => {
      await contract().somebody('Đúng Rồi')
      const answer = expectAnswer<VerifyGalleryAnswer>(await post('verify'), VerifyGalleryAnswer)
      expect(answer).toEqual({ success: true, compared: 1, different: 0, differences: [] })
    })

    test('finds and puts right what differs, and notes that it did', async () => {
      const { as, server, somebody } = contract()
      const [first, second] = [await somebody('Ở Đây'), await somebody('Ở Kia')]
      // Past the change log, as an intruder or a damaged disk would.
      await rawSql(join(server.dataDir, 'nhandien.sqlite'), 'update image set class_id = ? where image_id = ?', [
        second.classId,
        first.imageId,
      ])
      const verify = async () => expectAnswer<VerifyGalleryAnswer>(await post('verify'), VerifyGalleryAnswer)
      expect((await verify()).differences).toEqual([{ image_id: first.imageId, problem: 'different' }])
      const rebuilt = expectAnswer<RebuildGalleryAnswer>(await post('rebuild'), RebuildGalleryAnswer)
      expect(rebuilt.corrected).toBe(1)
      expect((await verify()).different).toBe(0)
      const { body } = await as('admin', '/audit_logs?action=gallery_rebuild', { method: 'GET' })
      expect((body as AuditAnswer).results[0]).toMatchObject({ username: 'the-admin', details: { corrected: 1 } })
    })

    test('writes the index to disk', async () => {
      const { bytes } = expectAnswer<SnapshotGalleryAnswer>(await post('snapshot'), SnapshotGalleryAnswer)
      expect(bytes).toBeGreaterThan(0)
    })
  })

  describe('GET /audit_logs/export', () => {
    const take = async (query: string) => await contract().as('admin', `/audit_logs/export${query}`, { method: 'GET' })

    test('is a table that a spreadsheet reads, oldest first, in which no cell is a formula', async () => {
      const { call } = contract()
      await call('/login', { fields: { username: '=1+1', password: 'x' } })
      const { status, headers, body } = await take('?action=login')
      expect(status).toBe(200)
      expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
      expect(headers.get('content-disposition')).toBe('attachment; filename="audit.csv"')
      const rows: Record<string, string>[] = parse(String(body), { bom: true, columns: true, record_delimiter: '\r\n' })
      const ids = rows.map((row) => Number(row.id))
      expect(ids).toEqual(ids.toSorted((a, b) => a - b))
      expect(rows.at(-1)).toMatchObject({ action: 'login', outcome: 'refused' })
      for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+@]/)
    })

    test('is lines of JSON in the form of the list, and is noted in the log', async () => {
      const { as } = contract()
      const { headers, body } = await take('?format=jsonl')
      expect(headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
      const rows = String(body)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      const { results } = (await as('admin', '/audit_logs?page_size=1', { method: 'GET' })).body as AuditAnswer
      expect(rows.at(-1)).toEqual(results[0])
      expect(results[0]).toMatchObject({ action: 'export', target: 'audit', details: { format: 'jsonl' } })
    })

    test('refuses other formats', async () => {
      expectError(await take('?format=xlsx'), 'field-invalid', { field: 'format' })
    })
  })
}
