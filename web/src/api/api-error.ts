/** An answer that is an error, or no answer at all (`unreachable`, status 0). */
export class ApiError extends Error {
  readonly status: number
  /** The code of the contract, such as `no-face`. */
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>
  readonly requestId: string | null

  /** @param message the server's sentence, in the language of the pages; empty for `unreachable` */
  constructor(
    message: string,
    facts: { status: number; code: string; details?: Record<string, unknown>; requestId?: string | null },
  ) {
    super(message)
    this.name = 'ApiError'
    this.status = facts.status
    this.code = facts.code
    this.details = facts.details ?? {}
    this.requestId = facts.requestId ?? null
  }

  /** Trying again later may help. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 503
  }
}

export function unreachable(): ApiError {
  return new ApiError('', { status: 0, code: 'unreachable' })
}

/** The error that an answer's body describes; a body of another kind comes from something between here and there. */
export function errorOfBody(status: number, text: string): ApiError {
  const body = parsed(text)
  if (typeof body !== 'object' || body === null || !('error' in body) || !('code' in body))
    return new ApiError('', { status, code: status >= 502 && status <= 504 ? 'unreachable' : 'internal' })
  return new ApiError(String(body.error), {
    status,
    code: String(body.code),
    details: 'details' in body && typeof body.details === 'object' ? { ...body.details } : {},
    requestId: 'request_id' in body ? String(body.request_id) : null,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
