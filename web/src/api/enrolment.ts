import type { EnrolAnswer } from '../../../src/http/wire/change.ts'
import { ApiError } from './api-error.ts'
import { type Person, type PersonFields, personOf, wireFields } from './person.ts'
import { upload } from './upload.ts'

export interface Enrolment {
  readonly person: Person
  readonly imageIds: readonly number[]
  /** Photos that were not good enough, by their place among those sent. */
  readonly rejected: readonly { readonly index: number; readonly code: string; readonly reason: string }[]
}

export interface EnrolWish {
  /** Of a new person, whose name must be there; of a known one, those that should change. */
  readonly fields: PersonFields
  /** Adds to somebody known; absent makes somebody new. */
  readonly personId?: number
  /** Even where the face is known as somebody else's. */
  readonly force?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (share: number) => void
}

/** Who the face is enrolled as already. */
export interface EnrolledElsewhere {
  readonly person: Person
  readonly imageId: number
  readonly score: number
  /** Which of the photos it was. */
  readonly photo: number
}

/** Enrols photos of one person. @throws ApiError `already-enrolled` (see enrolledElsewhere) and others */
export async function enrol(photos: readonly Blob[], wish: EnrolWish): Promise<Enrolment> {
  const form = new FormData()
  for (const [name, value] of Object.entries(wireFields(wish.fields)))
    if (value !== null) form.append(name, String(value))
  if (wish.personId !== undefined) form.append('class_id', String(wish.personId))
  if (wish.force === true) form.append('force', 'true')
  for (const photo of photos) form.append('file', photo)
  const { nguoi, image_ids, rejected } = await upload<EnrolAnswer>('/add_embedding', form, {
    ...(wish.signal === undefined ? {} : { signal: wish.signal }),
    ...(wish.onProgress === undefined ? {} : { onProgress: wish.onProgress }),
  })
  return {
    person: personOf(nguoi),
    imageIds: image_ids,
    rejected: rejected.map(({ index, code, error }) => ({ index, code, reason: error })),
  }
}

/** Who stands in the way where the refusal is that the face is known; null for every other error. */
export function enrolledElsewhere(error: unknown): EnrolledElsewhere | null {
  if (!(error instanceof ApiError) || error.code !== 'already-enrolled') return null
  const { nguoi, image_id, score, position } = error.details
  if (!isPerson(nguoi) || typeof image_id !== 'number') return null
  return {
    person: personOf(nguoi),
    imageId: image_id,
    score: typeof score === 'number' ? score : 0,
    photo: typeof position === 'number' ? position : 0,
  }
}

function isPerson(value: unknown): value is Parameters<typeof personOf>[0] {
  return typeof value === 'object' && value !== null && 'class_id' in value && 'ten' in value
}
