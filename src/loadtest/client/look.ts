import { PATHS } from '../../http/wire/paths.ts'
import { LoadTestProblem } from '../problem.ts'
import { jsonOf, numberAt, textAt } from './call.ts'
import type { Connections } from './target.ts'

/** What a server says of itself before it is loaded. */
export interface ServerIdentity {
  readonly version: string | null
  readonly model: string | null
  readonly workers: number | null
  readonly cpus: number | null
  readonly people: number | null
}

/**
 * Refuses to load what is no nhandien.
 * @throws LoadTestProblem saying what was there instead
 */
export async function lookAtServer(connections: Connections, url: string): Promise<ServerIdentity> {
  const brief = await connections.send({ operation: 'health', method: 'GET', path: PATHS.health })
  if (brief.status === null)
    throw new LoadTestProblem(`${url} does not answer (${brief.code}): start the server, or mend the address.`)
  const health = jsonOf(brief)
  const status = textAt(health, 'status')
  if (!['healthy', 'degraded', 'unhealthy'].includes(status ?? '') || textAt(health, 'timestamp') === null)
    throw new LoadTestProblem(
      `${url} answers ${brief.status} to ${PATHS.health} and does not look like nhandien: only nhandien is loaded.`,
    )
  if (status === 'unhealthy')
    throw new LoadTestProblem(`${url} is unhealthy: "nhandien doctor" says why. Mend that before loading it.`)
  const answer = await connections.send({ operation: 'healthDetails', method: 'GET', path: PATHS.healthDetails })
  const details = jsonOf(answer)
  return {
    version: textAt(details, 'version'),
    model: textAt(details, 'models', 'model'),
    workers: numberAt(details, 'queue', 'workers'),
    cpus: numberAt(details, 'cpu', 'cores'),
    people: numberAt(details, 'gallery', 'people'),
  }
}
