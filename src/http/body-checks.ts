import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { networkOf } from '../domain/account.ts'
import { Refusal } from '../domain/errors.ts'
import type { HeldBytes } from './held-bytes.ts'
import type { ServerLimits, ServerOptions } from './options.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How many photos a request may carry; none where absent. */
    photos?: number
  }
}

export const JSON_TYPE = 'application/json'
export const FORM_TYPE = 'application/x-www-form-urlencoded'
export const MULTIPART_TYPE = 'multipart/form-data'
const BODY_TYPES: readonly string[] = [JSON_TYPE, FORM_TYPE, MULTIPART_TYPE]

const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** Bytes of boundaries and part headers that come on top of each photo. */
const PART_OVERHEAD_BYTES = 4096

/** How many bytes a request to a route may have at most; a single photo of the largest size always may come. */
export function bodyBytesMax(photos: number, limits: ServerLimits): number {
  if (photos === 0) return limits.textBytes
  const onePhoto = limits.uploadBytes + PART_OVERHEAD_BYTES
  return Math.min(Math.max(limits.requestBytes, onePhoto), photos * onePhoto) + limits.textBytes
}

/**
 * Refuses bodies by what their headers say, before a byte of them is read: their type, their length, and uploads for
 * which there is no room. Concerns every route that is registered from now on.
 */
export function checkBodies(
  app: FastifyInstance,
  limits: ServerLimits,
  held: HeldBytes,
  admit: ServerOptions['admit'],
): void {
  const check: onRequestAsyncHookHandler = async (request) => {
    const photos = request.routeOptions.config.photos ?? 0
    if (!hasBody(request)) {
      // Some clients state a type for a body that they do not send.
      delete request.raw.headers['content-type']
      return
    }
    checkType(request)
    const max = bodyBytesMax(photos, limits)
    const length = declaredLength(request)
    if (length > max) throw tooLarge(photos, max)
    if (photos === 0 || bodyType(request) !== MULTIPART_TYPE) return
    const network = networkOf(request.ip)
    held.check(length, network)
    admit(length, network)
  }
  app.addHook('onRoute', (route) => {
    if (![route.method].flat().some((method) => METHODS_WITH_BODY.has(method))) return
    const before = route.onRequest === undefined ? [] : [route.onRequest].flat()
    route.onRequest = [...before, check]
  })
}

export function tooLarge(photos: number, max: number): Refusal {
  return new Refusal(photos > 0 ? 'image-too-large' : 'body-too-large', { max_bytes: max })
}

/** The media type of a body in lower case without parameters, '' where none is given. */
export function bodyType(request: FastifyRequest): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

function checkType(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' || !BODY_TYPES.includes(bodyType(request))) throw new Refusal('body-unsupported')
}

function hasBody(request: FastifyRequest): boolean {
  return request.headers['transfer-encoding'] !== undefined || declaredLength(request) > 0
}

/** 0 for chunked bodies, whose length shows as they come. */
function declaredLength(request: FastifyRequest): number {
  return Number(request.headers['content-length'] ?? 0)
}
