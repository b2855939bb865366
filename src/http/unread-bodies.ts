import type { FastifyInstance } from 'fastify'

/**
 * A request may be answered before its body was read. Closing at once would cost many a client the answer, so the
 * rest is read and thrown away for a moment; then the connection is closed.
 */
export function discardUnreadBodies(app: FastifyInstance, lingerMs: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request
    reply.raw.once('finish', () => {
      if (raw.complete || raw.destroyed) return
      const { socket } = raw
      const giveUp = setTimeout(() => socket.destroy(), lingerMs)
      raw.once('close', () => clearTimeout(giveUp))
      raw.unpipe()
      raw.resume()
    })
    done()
  })
}

/**
 * A client that asks before it sends a body (`Expect: 100-continue`) is told to go on only once everything that can be
 * said of the body beforehand has been checked.
 */
export function continueOnceChecked(app: FastifyInstance): void {
  app.server.on('checkContinue', (request, response) => app.routing(request, response))
  app.addHook('preParsing', (request, reply, _payload, done) => {
    if (request.headers.expect?.toLowerCase() === '100-continue') reply.raw.writeContinue()
    done()
  })
}
