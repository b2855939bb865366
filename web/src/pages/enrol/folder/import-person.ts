import { ApiError } from '../../../api/api-error.ts'
import { listPeople } from '../../../api/people.ts'
import { enrolPhotos } from '../../../enrolment/enrol-photos.ts'
import { fitPhoto } from '../../../photos/fit-photo.ts'
import { endState, type ImportRow } from './import-row.ts'

/** At most, by the contract; people of one name beyond it are not told apart anyway. */
const NAMESAKES_MAX = 100

/** Several people have the name: nobody can say which one is meant. */
export class SeveralOfName extends Error {
  constructor() {
    super('several people of one name')
    this.name = 'SeveralOfName'
  }
}

/**
 * Sends the photos of a row that were not sent yet, to the person of that name where there is one.
 * @throws ApiError what would stop every row: no session, no server
 */
export async function importPerson(
  row: ImportRow,
  signal: AbortSignal,
  set: (to: Partial<ImportRow>) => void,
): Promise<void> {
  const outcomes = [...row.outcomes]
  const rest = row.files.map((file, index) => ({ file, index })).filter(({ index }) => outcomes[index] === null)
  try {
    const personId = row.person?.id ?? (row.force ? null : await personCalled(row.name, signal))
    const wish = { fields: personId === null ? { name: row.name } : {}, personId, force: row.force }
    const photos = rest.map(({ file }) => ({ read: async () => await fitPhoto(file) }))
    const person = await enrolPhotos(photos, wish, signal, (position, outcome) => {
      const at = rest[position]?.index
      if (at === undefined || outcome === 'sending') return true
      outcomes[at] = outcome
      set({ outcomes: [...outcomes], ...(outcome.kind === 'added' ? { person: outcome.person } : {}) })
      return outcome.kind !== 'elsewhere'
    })
    set({ state: endState(outcomes), ...(person === null ? {} : { person }) })
  } catch (error) {
    if (signal.aborted) return set({ state: 'waiting' })
    const stops = error instanceof ApiError && (error.passes || error.status === 401 || error.status === 403)
    if (!stops) return set({ state: 'failed', error })
    set({ state: 'waiting' })
    throw error
  }
}

/** @throws SeveralOfName */
async function personCalled(name: string, signal: AbortSignal): Promise<number | null> {
  const wish = { words: name, page: 1, pageSize: NAMESAKES_MAX, order: 'class_id_asc' } as const
  const { people } = await listPeople(wish, signal)
  const called = people.filter((person) => person.name === name)
  if (called.length > 1) throw new SeveralOfName()
  return called[0]?.id ?? null
}
