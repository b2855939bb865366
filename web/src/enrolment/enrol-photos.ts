import { ApiError } from '../api/api-error.ts'
import { type EnrolledElsewhere, enrol, enrolledElsewhere } from '../api/enrolment.ts'
import { patiently } from '../api/patiently.ts'
import type { Person, PersonFields } from '../api/person.ts'

export type PhotoOutcome =
  | { readonly kind: 'added'; readonly person: Person }
  | { readonly kind: 'refused'; readonly error: unknown }
  /** The face is somebody else's; nothing was stored. */
  | { readonly kind: 'elsewhere'; readonly error: unknown; readonly known: EnrolledElsewhere }

export interface EnrolmentWish {
  /** Of somebody new; for somebody known those that should change. */
  readonly fields: PersonFields
  /** Somebody known; somebody new where null, made with the first photo that is good. */
  readonly personId: number | null
  /** Even where a face is known as somebody else's. */
  readonly force: boolean
}

export interface SentPhoto {
  /** Made when its turn comes: a thousand photos are not held in memory. */
  readonly read: () => Promise<Blob>
}

/**
 * Enrols photos of one person one after the other, so that each is shown to be done, a bad one leaves the others alone,
 * and what is cut off has lost nothing.
 * @param onPhoto told how each photo ended; false ends the enrolment
 * @throws ApiError what would refuse every photo: no session, no server, a name that can't be
 */
export async function enrolPhotos(
  photos: readonly SentPhoto[],
  { fields, personId, force }: EnrolmentWish,
  signal: AbortSignal,
  onPhoto: (index: number, outcome: PhotoOutcome | 'sending') => boolean | undefined,
): Promise<Person | null> {
  let person: Person | null = null
  let target = personId
  let changes = fields
  for (const [index, photo] of photos.entries()) {
    signal.throwIfAborted()
    onPhoto(index, 'sending')
    const blob = await photo.read()
    let outcome: PhotoOutcome
    try {
      const to = target === null ? { force } : { force, personId: target }
      const enrolment = await patiently(async () => await enrol([blob], { ...to, fields: changes, signal }), signal)
      person = enrolment.person
      target = person.id
      changes = {}
      outcome = { kind: 'added', person }
    } catch (error) {
      if (!isAboutPhoto(error)) throw error
      const known = enrolledElsewhere(error)
      outcome = known === null ? { kind: 'refused', error } : { kind: 'elsewhere', error, known }
    }
    if (onPhoto(index, outcome) === false) break
  }
  return person
}

const ABOUT_PHOTOS = new Set([
  'no-face',
  'several-faces',
  'quality-too-low',
  'image-unreadable',
  'image-too-large',
  'image-unsupported',
  'body-too-large',
  'file-invalid',
  'already-enrolled',
])

function isAboutPhoto(error: unknown): boolean {
  return error instanceof ApiError && ABOUT_PHOTOS.has(error.code)
}
