import { describe, expect, test } from 'vitest'
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
  })
}
