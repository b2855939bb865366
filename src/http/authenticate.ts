import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { type Actor, type Role, roleAllows } from '../domain/account.ts'
import type { Session } from '../domain/account-records.ts'
import { isRefusal, Refusal } from '../domain/errors.ts'
import type { Doorkeeper } from '../operations/sign-in.ts'

/**
 * Who may call a route. `open`: anybody, always. `public`: anybody, unless public access is off; then any account.
 * A role: that one and those above it.
 */
export type Access = 'open' | 'public' | Role

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the account that signed this request; null where nobody did. */
    session: Session | null
    /** The token it was signed with. */
    token: string | null
  }
  interface FastifyContextConfig {
    access?: Access
  }
}

/** RFC 6750, section 2.1: one scheme in any case, one space, one token. */
const BEARER = /^bearer ([A-Za-z0-9._~+/-]{16,256}=*)$/i
const BEARER_SCHEME = /^bearer(?: |$)/i

/** Query parameters in which clients have been seen to send secrets. */
const SECRET_PARAMETERS = new Set([
  'token',
  'access_token',
  'auth_token',
  'authtoken',
  'bearer',
  'authorization',
  'password',
  'old_password',
  'new_password',
])

/**
 * Guards every route that is registered from now on by its `config.access`; a route that does not state it cannot be
 * registered.
 */
export function guardRoutes(app: FastifyInstance, door: Doorkeeper, publicAccess: boolean): void {
  app.decorateRequest('session', null)
  app.decorateRequest('token', null)
  const guards: Record<Access, onRequestAsyncHookHandler> = {
    open: async (request) => await identifyCaller(request, door),
    public: async (request) => {
      await identifyCaller(request, door)
      if (!publicAccess && request.session === null) await requireRole(request, door, 'viewer')
    },
    viewer: async (request) => await requireRole(request, door, 'viewer'),
    editor: async (request) => await requireRole(request, door, 'editor'),
    admin: async (request) => await requireRole(request, door, 'admin'),
  }
  app.addHook('onRoute', (route) => {
    const access = route.config?.access
    if (access === undefined) throw new Error(`${route.url} does not state who may call it (config.access)`)
    const before = route.onRequest === undefined ? [] : [route.onRequest].flat()
    if (!before.some((hook) => hook === guards[access])) route.onRequest = [...before, guards[access]]
  })
}

/** Refuses requests that carry a secret in their address, where logs and histories would keep it. */
export function refuseSecretsInUrls(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const query = typeof request.query === 'object' && request.query !== null ? Object.keys(request.query) : []
    const field = query.find((name) => SECRET_PARAMETERS.has(name.toLowerCase()))
    done(field === undefined ? undefined : new Refusal('field-invalid', { field, reason: 'secret-in-url' }))
  })
}

/** Who does what a request asks for, for the audit log. */
export function actorOf(request: FastifyRequest): Actor {
  return { username: request.session?.username ?? null, address: request.ip, requestId: request.id }
}

/** The session of a request whose route asks for an account. */
export function sessionOf(request: FastifyRequest): Session {
  if (request.session === null) throw new Refusal('token-missing')
  return request.session
}

/** Where anybody may call, a token that is no good makes nobody of its sender, as in the system before this one. */
async function identifyCaller(request: FastifyRequest, door: Doorkeeper): Promise<void> {
  try {
    await signRequest(request, door)
  } catch (error) {
    if (!isRefusal(error, 'token-invalid') && !isRefusal(error, 'token-expired')) throw error
  }
}

/** @throws Refusal `token-missing`, `token-invalid`, `token-expired`, `forbidden` */
async function requireRole(request: FastifyRequest, door: Doorkeeper, role: Role): Promise<void> {
  await signRequest(request, door)
  if (request.session === null) throw new Refusal('token-missing')
  if (!roleAllows(request.session.role, role)) throw new Refusal('forbidden', { role })
}

async function signRequest(request: FastifyRequest, door: Doorkeeper): Promise<void> {
  const token = bearerToken(request.headers.authorization)
  if (token === null) return
  request.session = await door.authenticate(token)
  request.token = token
}

/** Null where there is none; other schemes are not ours and count as none. @throws Refusal `token-invalid` */
function bearerToken(header: string | undefined): string | null {
  if (header === undefined || !BEARER_SCHEME.test(header)) return null
  const token = BEARER.exec(header)?.[1]
  if (token === undefined) throw new Refusal('token-invalid')
  return token
}
