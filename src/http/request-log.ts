import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AnsweredRequest } from '../domain/telemetry.ts'
import type { ServerOptions } from './options.ts'
import { PATHS } from './wire/paths.ts'

/** What watches the server is not what the server is there for: probes every second would hide everything else. */
const WATCHERS = new Set<string>([PATHS.health, PATHS.live, PATHS.ready, PATHS.healthDetails, PATHS.metrics])

/**
 * One line for each request once its connection is done with it, whether it was answered or given up. Neither
 * addresses as they were sent, nor headers, nor bodies are ever logged: tokens, names and photos may be in them.
 */
export function logRequests(
  app: FastifyInstance,
  { onAnswered, trace }: Pick<ServerOptions, 'onAnswered' | 'trace'>,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    const started = performance.now()
    const { traceparent } = request.headers
    const followed = trace(typeof traceparent === 'string' ? traceparent : undefined, request.id)
    reply.raw.once('close', () => {
      const ms = performance.now() - started
      const route = request.routeOptions.url ?? null
      const status = reply.raw.headersSent ? reply.raw.statusCode : null
      const line = {
        method: request.method,
        route,
        status,
        code: request.refusal,
        ms: Math.round(ms * 10) / 10,
        username: request.session?.username ?? null,
      }
      if (reply.raw.writableFinished) request.log.info(line, 'answered')
      else request.log.info(line, 'given up by the client')
      if (route !== null && WATCHERS.has(route)) return
      const answered: AnsweredRequest = {
        operation: operationOf(request),
        method: request.method,
        status: reply.raw.writableFinished ? status : null,
        refusal: request.refusal,
        ms,
      }
      onAnswered(answered)
      followed?.over(answered)
    })
    if (followed === null) done()
    else followed.within(done)
  })
}

/** By the name that the OpenAPI document has for it. */
function operationOf({ routeOptions: { url, schema } }: FastifyRequest): string {
  if (schema?.operationId !== undefined) return schema.operationId
  if (url === undefined) return 'unknown'
  return url.startsWith(PATHS.docs) ? 'docs' : 'pages'
}
