import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { Refusal } from '../../domain/errors.ts'

/** Longest silence of the server before the download is given up. */
const SILENCE_MAX_MS = 30_000

export interface DownloadLimits {
  readonly bytesMax: number
  /** Longest silence of the server, milliseconds. */
  readonly silenceMs?: number
}

/**
 * Fetches a file.
 * @param url http or https; a user and password in it are sent as Basic authorization
 * @param target where it goes; must not exist
 * @param onProgress bytes so far, and in all where the server says it
 * @returns the file's SHA-256 in lower-case hex
 * @throws Refusal `model-refused` where the server cannot be reached, refuses, falls silent, or sends too much
 */
export async function download(
  url: URL,
  target: string,
  { bytesMax, silenceMs = SILENCE_MAX_MS }: DownloadLimits,
  onProgress: (bytes: number, total: number | null) => void,
): Promise<string> {
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), silenceMs)
  try {
    const response = await fetch(withoutCredentials(url), {
      headers: basicAuthorization(url),
      signal: silence.signal,
      redirect: 'follow',
    })
    if (!response.ok || response.body === null) throw refusal(url, `answered ${response.status}`)
    const total = contentLength(response.headers)
    if (total !== null && total > bytesMax) throw refusal(url, `wants to send ${total} bytes, more than ${bytesMax}`)
    const hash = createHash('sha256')
    const file = await open(target, 'wx')
    try {
      let bytes = 0
      for await (const chunk of response.body) {
        timer.refresh()
        bytes += chunk.byteLength
        if (bytes > bytesMax) throw refusal(url, `sends more than ${bytesMax} bytes`)
        hash.update(chunk)
        await file.writeFile(chunk)
        onProgress(bytes, total)
      }
      if (total !== null && bytes !== total) throw refusal(url, `sent ${bytes} of ${total} bytes`)
    } finally {
      await file.close()
    }
    return hash.digest('hex')
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
    const reason = silence.signal.aborted ? `was silent for ${silenceMs / 1000} s` : `failed: ${innermost(cause)}`
    throw refusal(url, reason, cause)
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}

/** Null where the server says nothing, or counts compressed bytes. */
function contentLength(headers: Headers): number | null {
  const stated = headers.get('content-length')
  if (stated === null || headers.has('content-encoding')) return null
  const length = Number(stated)
  return Number.isSafeInteger(length) && length >= 0 ? length : null
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare
}

function basicAuthorization(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {}
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** Names the address without what may be secret in it: user, password and query. */
function refusal(url: URL, reason: string, cause?: unknown): Refusal {
  return new Refusal('model-refused', { url: `${url.origin}${url.pathname}`, reason }, { cause })
}

function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? innermost(error.cause) : error.message
}
