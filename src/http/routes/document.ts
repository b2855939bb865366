import type { FastifyInstance } from 'fastify'
import { PATHS } from '../wire/paths.ts'

/** The OpenAPI document. */
export function documentRoutes(app: FastifyInstance): void {
  let document = '{}'
  app.addHook('onReady', async () => {
    // Made once: it takes long enough to hold up other requests.
    document = JSON.stringify(app.swagger())
  })
  app.get(PATHS.openapi, { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document),
  )
}
