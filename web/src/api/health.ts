import type { HealthDetailsAnswer } from '../../../src/http/wire/health-details.ts'
import type { IndexStatusAnswer } from '../../../src/http/wire/system.ts'
import { call } from './call.ts'

const STATUSES = ['healthy', 'degraded', 'unhealthy'] as const
export type HealthStatus = (typeof STATUSES)[number]

export const WINDOWS = ['1m', '5m', '60m'] as const
export type Window = (typeof WINDOWS)[number]

/** How the server is in detail. @throws ApiError */
export async function health(signal: AbortSignal): Promise<HealthDetailsAnswer> {
  return await call<HealthDetailsAnswer>('/health/detailed', { signal })
}

export async function indexStatus(signal: AbortSignal): Promise<IndexStatusAnswer> {
  return await call<IndexStatusAnswer>('/index_status', { signal })
}

export function statusOf({ status }: Pick<HealthDetailsAnswer, 'status'>): HealthStatus {
  return STATUSES.find((known) => known === status) ?? 'unhealthy'
}
