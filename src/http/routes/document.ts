import type { FastifyInstance } from 'fastify'
import { PATHS } from '../wire/paths.ts'

/** The OpenAPI document, and the way to the pages that show it. */
export function documentRoutes(app: FastifyInstance): void {
  app.get(PATHS.openapi, { config: { access: 'public' }, schema: { hide: true } }, async () => app.swagger())

  app.get('/', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.redirect(PATHS.docs),
  )
}
