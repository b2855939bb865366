import type { FastifyInstance } from 'fastify'
import { Refusal } from '../domain/errors.ts'

/**
 * Refuses a request with two hosts, as a proxy may have gone by the other one, and one with none, which HTTP/1.0 alone
 * allows (RFC 9112, section 3.2). Node.js would answer the latter with no word, and is told to let it in.
 */
export function requireOneHost(app: FastifyInstance): void {
  app.addHook('onRequest', ({ raw }, reply, done) => {
    const hosts = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length
    if (hosts === 1 || (hosts === 0 && raw.httpVersion === '1.0')) return done()
    reply.header('connection', 'close')
    done(new Refusal('body-malformed'))
  })
}
