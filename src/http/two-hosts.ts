import type { FastifyInstance } from 'fastify'
import { Refusal } from '../domain/errors.ts'

/** Refuses a request with two hosts: a proxy may have gone by the other one (RFC 9112, section 3.2). */
export function refuseTwoHosts(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const names = request.raw.rawHeaders.filter((_, index) => index % 2 === 0)
    if (names.filter((name) => name.toLowerCase() === 'host').length < 2) return done()
    reply.header('connection', 'close')
    done(new Refusal('body-malformed'))
  })
}
