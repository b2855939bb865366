import type { EnrolledElsewhere } from '../../../api/enrolment.ts'
import type { Person } from '../../../api/person.ts'
import type { PhotoOutcome } from '../../../enrolment/enrol-photos.ts'
import type { FolderPerson } from './group-files.ts'

export type RowState = 'waiting' | 'running' | 'done' | 'partly' | 'conflict' | 'failed' | 'skipped'

/** One person of the folder, and how far the import is with them. */
export interface ImportRow extends FolderPerson {
  readonly id: number
  readonly state: RowState
  /** How each photo ended, in the order of the files; null for those that were not sent yet. */
  readonly outcomes: readonly (PhotoOutcome | null)[]
  /** Whom the photos go to, once it is known. */
  readonly person: Person | null
  /** Even where a face is known as somebody else's. */
  readonly force: boolean
  /** What kept the person as a whole from being enrolled. */
  readonly error: unknown
}

export function newRow(person: FolderPerson, id: number): ImportRow {
  const outcomes = person.files.map(() => null)
  return { ...person, id, state: 'waiting', outcomes, person: null, force: false, error: null }
}

/** How a row stands after all its photos had their turn. */
export function endState(outcomes: ImportRow['outcomes']): RowState {
  const added = outcomes.filter((outcome) => outcome?.kind === 'added').length
  if (outcomes.some((outcome) => outcome?.kind === 'elsewhere')) return 'conflict'
  if (added === outcomes.length) return 'done'
  return added === 0 ? 'failed' : 'partly'
}

export function addedPhotos({ outcomes }: ImportRow): number {
  return outcomes.filter((outcome) => outcome?.kind === 'added').length
}

/** Photos that need no more work. */
export function finishedPhotos(row: ImportRow): number {
  const settled = row.state !== 'waiting' && row.state !== 'running'
  return settled ? row.files.length : row.outcomes.filter((outcome) => outcome !== null).length
}

/** Whom the person looks like, where one has to choose. */
export function knownElsewhere({ outcomes }: ImportRow): EnrolledElsewhere | null {
  for (const outcome of outcomes) if (outcome?.kind === 'elsewhere') return outcome.known
  return null
}

/** What one should look at when all is done. */
export function needsLooking({ state }: ImportRow): boolean {
  return state === 'partly' || state === 'conflict' || state === 'failed'
}
