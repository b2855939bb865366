import Type, { type Static } from 'typebox'
import type { Refusal, RefusalDetails } from '../../domain/errors.ts'
import type { Person } from '../../domain/person.ts'
import type { Language } from './language.ts'
import { MESSAGES, REASON_UNKNOWN, REASONS } from './messages.ts'
import { personAnswer } from './person.ts'
import { round, SIGNED_IN_DECIMALS } from './score.ts'
import { STATUS } from './status.ts'

/** The name of the schema below in the document. */
export const ERROR_SCHEMA = 'Error'

export const ErrorAnswer = Type.Object(
  {
    success: Type.Literal(false),
    error: Type.String({ description: 'A sentence for a person, Vietnamese unless Accept-Language prefers English.' }),
    detail: Type.String({ description: 'The same sentence, under the name that older clients read.' }),
    code: Type.String({ enum: Object.keys(STATUS) }),
    request_id: Type.String(),
    details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { $id: ERROR_SCHEMA },
)
export type ErrorAnswer = Static<typeof ErrorAnswer>

/** What details are called on the wire, where that differs. */
const DETAIL_NAMES: Readonly<Record<string, string>> = {
  classId: 'class_id',
  imageId: 'image_id',
  person: 'nguoi',
  retryAfterSeconds: 'retry_after_seconds',
}

/** What the domain's fields are called on the wire. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  name: 'ten_nguoi',
  age: 'tuoi',
  gender: 'gioi_tinh',
  residence: 'noi_o',
}

export function errorAnswer(refusal: Refusal, language: Language, requestId: string): ErrorAnswer {
  const details = wireDetails(refusal.details)
  const error = sentenceOf(refusal.code, details, language)
  return {
    success: false,
    error,
    detail: error,
    code: refusal.code,
    request_id: requestId,
    ...(Object.keys(details).length === 0 ? {} : { details }),
  }
}

/** The sentence of a refusal, with its details filled in. */
export function refusalSentence(refusal: Refusal, language: Language): string {
  return sentenceOf(refusal.code, wireDetails(refusal.details), language)
}

function sentenceOf(code: Refusal['code'], details: RefusalDetails, language: Language): string {
  const reasons = typeof details.reason === 'string' ? (REASONS[details.reason] ?? REASON_UNKNOWN) : REASON_UNKNOWN
  const reason = fill(reasons[language], details)
  return fill(MESSAGES[code][language], { ...details, reason })
}

function fill(template: string, details: RefusalDetails): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = details[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '?'
  })
}

function wireDetails(details: RefusalDetails): Record<string, unknown> {
  const entries = Object.entries(details).map(([name, value]): [string, unknown] => {
    if (name === 'field' && typeof value === 'string') return [name, FIELD_NAMES[value] ?? value]
    if (name === 'score' && typeof value === 'number') return [name, round(value, SIGNED_IN_DECIMALS)]
    if (isPerson(value)) return [DETAIL_NAMES[name] ?? name, personAnswer(value)]
    return [DETAIL_NAMES[name] ?? name, value]
  })
  return Object.fromEntries(entries)
}

function isPerson(value: unknown): value is Person {
  return typeof value === 'object' && value !== null && 'classId' in value && 'residence' in value
}
