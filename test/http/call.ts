import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { expect } from 'vitest'
import type { RefusalCode } from '../../src/domain/errors.ts'
import { ErrorAnswer } from '../../src/http/wire/error.ts'
import { STATUS } from '../../src/http/wire/status.ts'

export type Encoding = 'json' | 'form' | 'multipart' | 'query'
export const ENCODINGS: readonly Encoding[] = ['json', 'form', 'multipart']

export interface Call {
  readonly method?: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly fields?: Readonly<Record<string, unknown>>
  /** Field names and photos; always sent as multipart. */
  readonly files?: readonly (readonly [field: string, bytes: Uint8Array, fileName?: string])[]
  readonly encoding?: Encoding
  readonly body?: FormData | URLSearchParams | string | Uint8Array<ArrayBuffer>
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  /** Parsed where it is JSON, the text otherwise. */
  readonly body: unknown
}

export async function call(url: string, path: string, wish: Call = {}): Promise<Answered> {
  const { method = 'POST', token, fields = {}, files = [], encoding = 'multipart' } = wish
  const headers = new Headers(wish.headers)
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  let target = `${url}${path}`
  let body = wish.body
  if (body === undefined && method !== 'GET' && method !== 'HEAD')
    if (files.length > 0 || encoding === 'multipart') body = multipart(fields, files)
    else if (encoding === 'form') body = new URLSearchParams(texts(fields))
    else if (encoding === 'json') {
      body = JSON.stringify(fields)
      headers.set('content-type', 'application/json')
    }
  if (body === undefined || encoding === 'query')
    if (Object.keys(fields).length > 0) target += `?${new URLSearchParams(texts(fields))}`
  const response = await fetch(target, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

/** The body of a 200 that keeps the schema of its endpoint. */
export function expectAnswer<T>(answered: Answered, schema: TSchema): T {
  expect(answered.status, JSON.stringify(answered.body)).toBe(200)
  expect([...Value.Errors(schema, answered.body)]).toEqual([])
  expect(answered.headers.get('x-request-id')).toMatch(/^[\w.-]{8,}$/)
  return answered.body as T
}

export type ErrorBody = ErrorAnswer

/** The body of an error that keeps the contract's form for all errors. */
export function expectError(
  answered: Answered,
  code: RefusalCode,
  details?: Readonly<Record<string, unknown>>,
): ErrorBody {
  expect(answered.body).toMatchObject({ success: false, code, ...(details === undefined ? {} : { details }) })
  expect(answered.status).toBe(STATUS[code])
  expect([...Value.Errors(ErrorAnswer, answered.body)]).toEqual([])
  const body = answered.body as ErrorBody
  expect(body.error).not.toMatch(/[{}?]|undefined/)
  expect(body.detail).toBe(body.error)
  expect(answered.headers.get('x-request-id')).toBe(body.request_id)
  if (answered.status === 401) expect(answered.headers.get('www-authenticate')).toBe('Bearer')
  if (answered.status === 429 || answered.status === 503) expect(answered.headers.get('retry-after')).toMatch(/^\d+$/)
  return body
}

function multipart(fields: Readonly<Record<string, unknown>>, files: NonNullable<Call['files']>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value))
  for (const [name, bytes, fileName = 'photo.jpg'] of files)
    form.append(name, new Blob([Uint8Array.from(bytes)]), fileName)
  return form
}

function texts(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))
}
