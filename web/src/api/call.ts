import { endSession, readToken } from '../session/stored-session.ts'
import { type ApiError, errorOfBody, unreachable } from './api-error.ts'

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly query?: Query
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>
  /** Sent as multipart/form-data. */
  readonly form?: FormData
  readonly signal?: AbortSignal
}

/** Calls the server and reads its answer as JSON. @throws ApiError */
export async function call<T>(path: string, options: Call = {}): Promise<T> {
  const response = await send(path, options)
  return await response.json()
}

/** Calls for a picture. @throws ApiError */
export async function callForBlob(path: string, options: Call = {}): Promise<Blob> {
  const response = await send(path, options)
  return await response.blob()
}

async function send(path: string, { method, query, body, form, signal }: Call): Promise<Response> {
  const headers = new Headers(callHeaders())
  if (body !== undefined) headers.set('content-type', 'application/json')
  const content = form ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await fetch(path + queryString(query), {
    method: method ?? (content === undefined ? 'GET' : 'POST'),
    headers,
    ...(content === undefined ? {} : { body: content }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error
    throw unreachable()
  })
  if (!response.ok) throw noteSessionEnd(errorOfBody(response.status, await response.text()))
  return response
}

/** Who asks, and in which language errors should be told. */
export function callHeaders(): Record<string, string> {
  const token = readToken()
  return {
    'accept-language': document.documentElement.lang,
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  }
}

/** A session that the server no longer knows ends here too, and with it the page (see session/session.tsx). */
export function noteSessionEnd(error: ApiError): ApiError {
  if (error.status === 401 && error.code.startsWith('token-')) endSession(error.code)
  return error
}

export function queryString(query: Query = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value))
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}
