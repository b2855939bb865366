/** One request of a load test. */
export interface Call {
  /** What it asks for, in the words of the OpenAPI document. */
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

/**
 * `answered` is 2xx; `refused` is 429 and 503, which a server gives that protects itself; everything else, answers that
 * never came too, has `failed`.
 */
export type Outcome = 'answered' | 'refused' | 'failed'

export interface Answer {
  readonly outcome: Outcome
  /** Null where no answer came. */
  readonly status: number | null
  /** Why it was refused or failed: the code of the answer, or what happened to the connection; null where answered. */
  readonly code: string | null
  readonly text: string
}

/** The JSON of an answer; null where it is none. */
export function jsonOf({ text }: Pick<Answer, 'text'>): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What stands under the keys in a JSON value; undefined where there is nothing. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  let found = value
  for (const key of keys) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Reflect.get(found, key)
  }
  return found
}

export function numberAt(value: unknown, ...keys: readonly string[]): number | null {
  const found = valueAt(value, ...keys)
  return typeof found === 'number' ? found : null
}

/** What a server writes ends on a terminal: nothing in it may move the cursor or colour the screen. */
export function textAt(value: unknown, ...keys: readonly string[]): string | null {
  const found = valueAt(value, ...keys)
  return typeof found === 'string' ? found.replace(/\p{C}/gu, '?') : null
}
