import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Refusal, type RefusalCode } from '../domain/errors.ts'
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.ts'
import { errorAnswer } from './wire/error.ts'
import type { Language } from './wire/language.ts'
import { STATUS } from './wire/status.ts'

const CODES: Readonly<Record<string, RefusalCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
}

/**
 * Answers what never became a request (broken, oversized or late by the parser's judgement) in the form of all other
 * errors, then closes the connection: what follows on it cannot be trusted to begin where a request begins.
 */
export function connectionErrorHandler(language: Language) {
  return function answerConnectionError(error: Error & { code?: string }, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const code = CODES[error.code ?? ''] ?? 'body-malformed'
    const requestId = requestIdOf({ headers: {} })
    const body = JSON.stringify(errorAnswer(new Refusal(code), language, requestId))
    const head = [
      `HTTP/1.1 ${STATUS[code]} ${STATUS_CODES[STATUS[code]] ?? ''}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `${REQUEST_ID_HEADER}: ${requestId}`,
      'connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
  }
}
