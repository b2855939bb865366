import type { FastifyInstance } from 'fastify'

/**
 * One line for each request once its connection is done with it, whether it was answered or given up. Neither
 * addresses as they were sent, nor headers, nor bodies are ever logged: tokens, names and photos may be in them.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const started = performance.now()
    reply.raw.once('close', () => {
      const line = {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.raw.headersSent ? reply.raw.statusCode : null,
        ms: Math.round((performance.now() - started) * 10) / 10,
        username: request.session?.username ?? null,
      }
      if (reply.raw.writableFinished) request.log.info(line, 'answered')
      else request.log.info(line, 'given up by the client')
    })
    done()
  })
}
