import type { FastifyInstance } from 'fastify'
import { Refusal } from '../domain/errors.ts'
import { PATHS } from './wire/paths.ts'

/** What a client may try on an address; each is answered, if only to say which of them it takes. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Notes the methods of every route that is registered from now on, but those of the documentation's pages. */
export function noteMethods(app: FastifyInstance): ReadonlyMap<string, ReadonlySet<string>> {
  const methodsOf = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url.startsWith(PATHS.docs)) return
    const methods = methodsOf.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    methodsOf.set(url, methods)
  })
  return methodsOf
}

/** Answers what no route does: other methods of known addresses, and addresses that do not exist. */
export function answerUnknownRoutes(app: FastifyInstance, noted: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, known] of [...noted]) {
    if (known.has('OPTIONS')) continue
    const methods = new Set(known)
    const allow = [...methods, 'OPTIONS'].sort().join(', ')
    const config = { access: 'open' as const }
    const schema = { hide: true }
    app.route({
      method: 'OPTIONS',
      url,
      config,
      schema,
      handler: async (_request, reply) => await reply.code(204).header('allow', allow).send(),
    })
    const others = METHODS.filter((method) => !methods.has(method))
    if (others.length === 0) continue
    app.route({
      method: others,
      url,
      config,
      schema,
      exposeHeadRoute: false,
      onRequest: async (request, reply) => {
        reply.header('allow', allow)
        throw new Refusal('method-not-allowed', { method: request.method, allow })
      },
      handler: async () => {
        throw new Refusal('method-not-allowed')
      },
    })
  }
  const limit = app.rateLimit()
  // By its head already: nobody waits for the body of what leads nowhere.
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return
    await limit.call(app, request, reply)
    throw new Refusal('route-not-found')
  })
  app.setNotFoundHandler(async () => {
    throw new Refusal('route-not-found')
  })
}
