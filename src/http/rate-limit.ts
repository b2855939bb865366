import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../domain/errors.ts'
import type { ServerOptions } from './options.ts'
import { RequestCounts } from './request-counts.ts'

const MINUTE_MS = 60_000

/** Checks a request against a limit of its own. @throws Refusal `too-many-requests` */
export type Limiter = (request: FastifyRequest) => Promise<void>

/**
 * Limits every route that is registered from now on, by address (IPv6 by /64).
 * @returns the stricter limit of sign-ins, shared by the routes that call it
 */
export async function limitRates(app: FastifyInstance, limits: ServerOptions['rateLimit']): Promise<Limiter> {
  await app.register(rateLimit, {
    max: limits.requests,
    timeWindow: MINUTE_MS,
    store: RequestCounts,
    errorResponseBuilder: (_request, { ttl }) => refusal(ttl),
  })
  const check = app.createRateLimit({ max: limits.signIns, timeWindow: MINUTE_MS })
  return async (request) => {
    const state = await check(request)
    if (!state.isAllowed && state.isExceeded) throw refusal(state.ttl)
  }
}

function refusal(ttlMs: number): Refusal {
  return new Refusal('too-many-requests', { retryAfterSeconds: Math.max(1, Math.ceil(ttlMs / 1000)) })
}
