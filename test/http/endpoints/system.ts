import { describe, expect, test } from 'vitest'
import { HealthDetailsAnswer } from '../../../src/http/wire/health-details.ts'
import {
  HealthAnswer,
  IndexStatusAnswer,
  LiveAnswer,
  ReadyAnswer,
  VectorInfoAnswer,
} from '../../../src/http/wire/system.ts'
import { expectAnswer } from '../call.ts'
import type { Contract } from '../contract.ts'

export function systemTests(contract: () => Contract): void {
  const get = async (path: string) => await contract().call(path, { method: 'GET' })

  test('GET /index_status', async () => {
    await contract().somebody('Nông Kiên')
    const answer = expectAnswer<IndexStatusAnswer>(await get('/index_status'), IndexStatusAnswer)
    expect(answer).toMatchObject({ success: true, status: 'healthy', num_nan_vectors: 0, pending_changes: 0 })
    expect(answer.num_vectors).toBe(answer.num_embeddings)
    expect(answer.num_vectors).toBeGreaterThan(0)
    expect(answer.min_vector_value).toBeLessThan(answer.max_vector_value)
  })

  test('GET /vector_info', async () => {
    const answer = expectAnswer<VectorInfoAnswer>(await get('/vector_info'), VectorInfoAnswer)
    const { pack } = contract().server.nhandien.operations.report
    expect(answer).toMatchObject({ dimension: pack.dimension, model: pack.modelId, metric: 'cosine' })
  })

  describe('health', () => {
    test('GET /health, /health/live and /health/ready', async () => {
      expect(expectAnswer(await get('/health'), HealthAnswer)).toMatchObject({ status: 'healthy' })
      expect(expectAnswer(await get('/health/live'), LiveAnswer)).toMatchObject({ status: 'live' })
      expect(expectAnswer(await get('/health/ready'), ReadyAnswer)).toMatchObject({ status: 'ready' })
    })

    test('GET /health/detailed', async () => {
      await contract().somebody('Tạ Thị Quỳnh')
      const read = async () => expectAnswer<HealthDetailsAnswer>(await get('/health/detailed'), HealthDetailsAnswer)
      await expect.poll(async () => (await read()).operations.enrol?.['1m'].count ?? 0).toBeGreaterThan(0)
      const details = await read()
      expect(details).toMatchObject({ status: 'healthy', failing: [], version: '0.0.0-test', runtime: null })
      expect(details.database).toMatchObject({ kind: 'sqlite', pool: null })
      expect(details.queue).toMatchObject({ workers: 1, workers_wanted: 1, length: 0, crash_loop: false })
      expect(details.gallery).toMatchObject({ pending_changes: 0 })
      expect(details.gallery.templates).toBeGreaterThan(0)
      expect(details.operations.enrol?.['60m'].p50_ms).toBeGreaterThan(1)
      expect(details.disk.free_bytes).toBeGreaterThan(0)
      expect(details.memory.rss_bytes).toBeLessThan(details.memory.limit_bytes)
      // Watching is not counted, and nobody's name, account or address is told.
      expect(Object.keys(details.operations)).not.toContain('healthDetails')
      expect(JSON.stringify(details)).not.toMatch(/Quỳnh|the-editor|127\.0\.0\.1|\/tmp|node_modules|v\d+\.\d+\.\d+/)
      const asAdmin = await contract().as('admin', '/health/detailed', { method: 'GET' })
      expect(expectAnswer<HealthDetailsAnswer>(asAdmin, HealthDetailsAnswer).runtime).toBe(process.version)
    })
  })
}
