import type { FastifyRequest } from 'fastify'
import type { Operations } from '../../operations/operations.ts'
import type { Limiter } from '../rate-limit.ts'
import type { FormReader } from '../read-form.ts'
import type { Language } from '../wire/language.ts'
import { preferredLanguage } from '../wire/language.ts'

/** What routes work with. */
export interface RouteContext {
  readonly operations: Operations
  readonly readForm: FormReader
  /** Photos in one enrolment at most. */
  readonly uploadFiles: number
  /** Anybody may make a viewer account. */
  readonly openRegistration: boolean
  readonly language: Language
  /** Of the product. */
  readonly version: string
  /** What /metrics asks for instead of an account; '' where access is as everywhere. */
  readonly metricsToken: string
  readonly limitSignIns: Limiter
}

export function languageOf(request: FastifyRequest, otherwise: Language): Language {
  return preferredLanguage(request.headers['accept-language'], otherwise)
}
