import type { Config } from '../../config/settings.ts'
import { PATHS } from '../../http/wire/paths.ts'
import { bad, type Check, doubtful, type Finding, good } from './finding.ts'

const ANSWER_MS_MAX = 5_000
const EVERYWHERE = ['0.0.0.0', '::']

/** Whether a server runs where the settings say, and how it is. */
export function serverCheck(config: Config): Check {
  return { name: 'server', run: () => checkServer(config) }
}

async function checkServer({ host, port }: Config): Promise<Finding> {
  if (port === 0) return good('takes any free port: which one it says at its start')
  const named = EVERYWHERE.includes(host) ? '127.0.0.1' : host
  const base = `http://${named.includes(':') ? `[${named}]` : named}:${port}`
  let response: Response
  try {
    response = await fetch(`${base}${PATHS.ready}`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })
  } catch (error) {
    const { cause } = error instanceof Error ? error : { cause: undefined }
    if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED')
      return good(`none runs at ${base}; "npm start" starts one`)
    return bad(`${base} does not answer: ${String(cause ?? error)}`, 'Look at its log; restart it if it hangs.')
  }
  const body = await response.text()
  if (response.ok && body.includes('"ready"')) return good(`ready at ${base}`)
  if (response.status === 503 && body.includes('not-ready'))
    return bad(`at ${base} is not ready: ${body}`, 'What is named as failing is what to look at.')
  if (response.status === 429)
    return doubtful(`at ${base} has had too many requests from here`, 'Try again in a minute.')
  return bad(
    `something at ${base} answers ${response.status}, and it is not nhandien`,
    'Stop the other program, or set another PORT.',
  )
}
