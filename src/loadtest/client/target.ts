import { Pool } from 'undici'
import { LoadTestProblem } from '../problem.ts'
import { type Answer, type Call, jsonOf, textAt } from './call.ts'

const SECOND_MS = 1_000
/** Statuses of a server that protects itself. */
const REFUSALS = [429, 503]
/** What undici and the system call a lost or impossible connection, and what a report calls it. */
const TROUBLES: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  UND_ERR_SOCKET: 'connection-lost',
  ECONNRESET: 'connection-lost',
  EPIPE: 'connection-lost',
  ECONNREFUSED: 'connection-refused',
}

/** The address of a server: an origin, and the path before every path where a proxy asks for one. */
export interface Address {
  readonly origin: string
  readonly prefix: string
  readonly isLoopback: boolean
}

/** @throws LoadTestProblem for what is no address of a server */
export function parseAddress(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new LoadTestProblem(`"${text}" is no address: give one like http://127.0.0.1:8000`)
  if (url.username !== '' || url.password !== '')
    throw new LoadTestProblem('An address must not hold a password: give --username, and the password when asked.')
  if (url.search !== '' || url.hash !== '')
    throw new LoadTestProblem('Give the address of the server alone, without ? and #.')
  const isLoopback = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname)
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, ''), isLoopback }
}

/** Connections to a server, kept alive; at most so many calls are under way at once, others wait for one. */
export class Connections {
  readonly #pool: Pool
  readonly #prefix: string
  readonly #headers: Readonly<Record<string, string>>

  /** @param token of whoever calls; null for the public */
  constructor({ origin, prefix }: Address, count: number, timeoutSeconds: number, token: string | null) {
    const timeoutMs = timeoutSeconds * SECOND_MS
    this.#pool = new Pool(origin, {
      connections: count,
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: timeoutMs },
    })
    this.#prefix = prefix
    this.#headers = { 'accept-language': 'en', ...(token === null ? {} : { authorization: `Bearer ${token}` }) }
  }

  /** Never throws: what went wrong is the answer. */
  async send({ method, path, headers, body }: Call): Promise<Answer> {
    try {
      const response = await this.#pool.request({
        method,
        path: this.#prefix + path,
        headers: { ...this.#headers, ...headers },
        ...(body === undefined ? {} : { body }),
      })
      const text = await response.body.text()
      return answerOf(response.statusCode, text)
    } catch (error) {
      return { outcome: 'failed', status: null, code: troubleOf(error), text: '' }
    }
  }

  /** Cuts every connection; calls under way end as `cut-off`. */
  async close(): Promise<void> {
    await this.#pool.destroy()
  }
}

function answerOf(status: number, text: string): Answer {
  if (status >= 200 && status < 300) return { outcome: 'answered', status, code: null, text }
  const code = textAt(jsonOf({ text }), 'code') ?? `status-${status}`
  return { outcome: REFUSALS.includes(status) ? 'refused' : 'failed', status, code, text }
}

function troubleOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED' || code === 'UND_ERR_ABORTED') return 'cut-off'
  return TROUBLES[code] ?? (code === '' ? 'unknown' : code.toLowerCase().replaceAll('_', '-'))
}
