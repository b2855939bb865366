import type { HealthAnswer, IndexStatusAnswer, VectorInfoAnswer } from '../../../src/http/wire/system.ts'
import { ApiError } from './api-error.ts'
import { call } from './call.ts'

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy'
const STATUSES: readonly HealthStatus[] = ['healthy', 'degraded', 'unhealthy']

/** Of one operation in one window of time. */
export interface OperationFigures {
  readonly count: number
  readonly errors: number
  readonly p50_ms: number | null
  readonly p95_ms: number | null
  readonly p99_ms: number | null
}

export const WINDOWS = ['1m', '5m', '60m'] as const
export type Window = (typeof WINDOWS)[number]

/** One moment of the last hour. */
export interface HealthPoint {
  readonly at: string
  readonly requests_per_second: number
  readonly error_share: number
  readonly p95_ms: number | null
  readonly cpu_share: number
  readonly memory_bytes: number
  readonly event_loop_delay_ms: number
  readonly queue: number
}

/** What GET /health/detailed answers, as far as these pages show it. */
export interface DetailedHealth {
  readonly status: string
  readonly timestamp: string
  readonly version: string
  readonly uptime_seconds: number
  readonly cpu: { readonly cores: number; readonly used_share: number }
  readonly memory: { readonly rss_bytes: number; readonly limit_bytes: number | null }
  readonly disk: { readonly free_bytes: number; readonly total_bytes: number }
  readonly event_loop: { readonly delay_p50_ms: number; readonly delay_p99_ms: number }
  readonly queue: { readonly length: number; readonly limit: number; readonly workers: number; readonly busy: number }
  readonly database: { readonly kind: string; readonly latency_ms: number | null }
  readonly operations: Readonly<Record<string, Readonly<Record<Window, OperationFigures>>>>
  readonly series?: readonly HealthPoint[]
}

export async function health(signal: AbortSignal): Promise<HealthStatus> {
  try {
    return statusOf((await call<HealthAnswer>('/health', { signal })).status)
  } catch (error) {
    // Unhealthy is told with 503 and a body of the same shape, which is no error of the contract.
    if (error instanceof ApiError && error.status === 503) return 'unhealthy'
    throw error
  }
}

/** Null where the server does not tell so much. */
export async function detailedHealth(signal: AbortSignal): Promise<DetailedHealth | null> {
  try {
    return await call<DetailedHealth>('/health/detailed', { signal })
  } catch (error) {
    if (error instanceof ApiError && error.code === 'route-not-found') return null
    throw error
  }
}

export async function indexStatus(signal: AbortSignal): Promise<IndexStatusAnswer> {
  return await call<IndexStatusAnswer>('/index_status', { signal })
}

export async function vectorInfo(signal: AbortSignal): Promise<VectorInfoAnswer> {
  return await call<VectorInfoAnswer>('/vector_info', { signal })
}

export function statusOf(text: string): HealthStatus {
  return STATUSES.find((status) => status === text) ?? 'unhealthy'
}
