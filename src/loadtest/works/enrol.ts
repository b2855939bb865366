import { randomBytes } from 'node:crypto'
import { NAME_FIELD, peopleListed } from '../../http/wire/client.ts'
import { PATHS } from '../../http/wire/paths.ts'
import { jsonOf, numberAt } from '../client/call.ts'
import { MULTIPART_HEADERS, multipartBody } from '../client/multipart.ts'
import type { Connections } from '../client/target.ts'
import { type Materials, takeTurns, type Work } from './work.ts'

const PAGE_SIZE = 100
/** A person that could not be removed at once is tried again so often, after as long a while each. */
const TRIES = 5
const BETWEEN_TRIES_MS = 1_000

/** Begins the names of whoever is enrolled by one run; no person is called so, and no other run's people are. */
export function newMark(): string {
  return `loadtest-${randomBytes(6).toString('hex')}`
}

/** Enrols a new person each turn; the same faces again and again, so it says that it means to. */
export function enrolling({ references, mark }: Materials): Work {
  return {
    async turn(send, number) {
      const fields = { [NAME_FIELD]: `${mark} ${number}`, force: 'true' }
      const body = multipartBody(fields, takeTurns(references, number))
      await send({ operation: 'enrol', method: 'POST', path: PATHS.enrol, headers: MULTIPART_HEADERS, body })
    },
  }
}

export interface Removal {
  readonly removed: number
  /** People with the mark that are still enrolled; null where the server would not say. */
  readonly left: number | null
}

/**
 * Removes everybody with the mark, also those whose enrolment was never answered: they are looked for by name.
 * @param pause between tries
 */
export async function removeEnrolled(
  connections: Connections,
  mark: string,
  pause: (ms: number) => Promise<void>,
): Promise<Removal> {
  let removed = 0
  let left: number | null = null
  for (let failures = 0; failures < TRIES; ) {
    const marked = await listMarked(connections, mark)
    left = marked === null ? left : marked.total
    if (left === 0) return { removed, left }
    const before = removed
    for (const classId of marked?.classIds ?? []) {
      const path = PATHS.removePersonById.replace(':class_id', String(classId))
      const { outcome } = await connections.send({ operation: 'removePerson', method: 'DELETE', path })
      if (outcome === 'answered') removed++
    }
    if (removed > before) continue
    failures++
    await pause(BETWEEN_TRIES_MS)
  }
  return { removed, left }
}

async function listMarked(
  connections: Connections,
  mark: string,
): Promise<{ classIds: readonly number[]; total: number } | null> {
  const path = `${PATHS.people}?query=${encodeURIComponent(mark)}&page_size=${PAGE_SIZE}`
  const answer = await connections.send({ operation: 'people', method: 'GET', path })
  const body = jsonOf(answer)
  const total = numberAt(body, 'results', 'total')
  if (answer.outcome !== 'answered' || total === null) return null
  // A search finds what resembles; only what begins with the mark was made here.
  const own = peopleListed(body).filter(({ name }) => name.startsWith(`${mark} `))
  return { classIds: own.map(({ classId }) => classId), total: own.length === 0 ? 0 : total }
}
