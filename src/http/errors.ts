import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isRefusal, Refusal, type RefusalCode } from '../domain/errors.ts'
import { errorAnswer } from './wire/error.ts'
import { type Language, preferredLanguage } from './wire/language.ts'
import { STATUS } from './wire/status.ts'

/** What a client should wait before it tries again, where the refusal does not say. */
const RETRY_AFTER_SECONDS: Readonly<Partial<Record<RefusalCode, number>>> = {
  overloaded: 1,
  'not-ready': 5,
  'too-many-requests': 60,
}

/** The framework's own refusals, by its codes. */
const FRAMEWORK_CODES: Readonly<Record<string, RefusalCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'body-unsupported',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'body-malformed',
  FST_ERR_BAD_URL: 'route-not-found',
  FST_ERR_MAX_PARAM_LENGTH: 'route-not-found',
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Why it was refused; null where it was not. */
    refusal: RefusalCode | null
  }
}

/** Makes every error an answer of the contract: a status, a code, a sentence, and nothing of the inside. */
export function answerErrors(app: FastifyInstance, language: Language): void {
  app.decorateRequest('refusal', null)
  app.setErrorHandler(async (error: FastifyError, request, reply) => await sendError(error, request, reply, language))
}

/** Answers with an error; faults of the product are logged, refusals are not. */
export async function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  language: Language,
): Promise<FastifyReply> {
  const refusal = refusalOf(error)
  request.refusal = refusal.code
  if (refusal.code === 'internal') request.log.error(faultOf(error), 'a request failed')
  const preferred = preferredLanguage(request.headers['accept-language'], language)
  if (STATUS[refusal.code] === 401) reply.header('www-authenticate', 'Bearer')
  const wait = retryAfter(refusal)
  if (wait !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', String(wait))
  return reply
    .code(STATUS[refusal.code])
    .header('content-language', preferred)
    .header('vary', 'Accept-Language')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorAnswer(refusal, preferred, request.id)))
}

/** The refusal that an error is; `internal` for whatever was not meant for whoever asked. */
function refusalOf(error: unknown): Refusal {
  if (isRefusal(error)) return error
  if (!(error instanceof Error)) return new Refusal('internal')
  const code = 'code' in error && typeof error.code === 'string' ? FRAMEWORK_CODES[error.code] : undefined
  if (code !== undefined) return new Refusal(code)
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
  return status >= 400 && status < 500 ? new Refusal('body-malformed') : new Refusal('internal', {}, { cause: error })
}

function retryAfter(refusal: Refusal): number | undefined {
  const { retryAfterSeconds } = refusal.details
  return typeof retryAfterSeconds === 'number' ? retryAfterSeconds : RETRY_AFTER_SECONDS[refusal.code]
}

function faultOf(error: unknown): { fault: { name: string; message: string; stack: string | undefined } } {
  if (!(error instanceof Error)) return { fault: { name: typeof error, message: 'not an error', stack: undefined } }
  return { fault: { name: error.name, message: error.message, stack: error.stack } }
}
