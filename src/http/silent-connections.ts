import type { FastifyInstance } from 'fastify'

/**
 * Node closes a connection after a time without any byte. Where a request has come whole and its answer has not begun,
 * it is the client who waits, and for as long as the work takes.
 */
export function spareThoseWhoWait(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.on('timeout', (socket) => {
      if (!request.raw.complete || reply.raw.headersSent) socket.destroy()
    })
    done()
  })
}
