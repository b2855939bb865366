import { type Actor, callerOf } from '../domain/account.ts'
import { isRefusal, Refusal } from '../domain/errors.ts'
import { checkPersonChanges, type Person, type PersonChanges } from '../domain/person.ts'
import type { PeopleRecords, StoredImage } from '../domain/records.ts'
import { refuseEnrolledElsewhere } from './enrolled-elsewhere.ts'
import type { RecognitionParts } from './recognise.ts'
import { type Photo, type Sample, type SamplingParts, takeSample } from './sample.ts'

export interface EnrolmentParts extends SamplingParts, RecognitionParts {
  /** Makes "is this face known?" and "store it" one step on this node. */
  readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>
}

export interface EnrolmentRequest {
  /** At least one. */
  readonly photos: readonly Photo[]
  /** A known person, or the id that a new one shall have; a new person gets the next free id where absent. */
  readonly classId?: number
  /** With a name where the person is new. */
  readonly fields: PersonChanges
  /** Only with a single photo. */
  readonly imageId?: number
  /** Refuses photos of several faces instead of taking the main one. */
  readonly strict: boolean
  /** Enrols a face that is known under another person. */
  readonly force: boolean
}

export interface RejectedPhoto {
  /** Into the request's photos. */
  readonly index: number
  readonly refusal: Refusal
}

export interface Enrolment {
  readonly person: Person
  readonly createdPerson: boolean
  /** Of this request's good photos in their order, whether stored now or before. */
  readonly imageIds: readonly number[]
  /** Those that were stored before: the same file of the same person. */
  readonly knownImageIds: readonly number[]
  readonly rejected: readonly RejectedPhoto[]
}

interface Taken {
  readonly index: number
  readonly sample: Sample
}

/**
 * Enrols the main faces of photos under one person: extract and check each photo, look whether the faces are known,
 * store the new ones in one transaction, make them visible.
 */
export function enroller(parts: EnrolmentParts) {
  /**
   * @throws Refusal `already-enrolled` with who, `image-id-taken`, `person-not-found`, `field-missing`, `field-invalid`;
   *   the first photo's refusal when every photo is bad
   */
  return async function enrol(request: EnrolmentRequest, actor: Actor): Promise<Enrolment> {
    const fields = checkPersonChanges(request.fields)
    if (request.imageId !== undefined && request.photos.length > 1)
      throw new Refusal('field-invalid', { field: 'image_id', reason: 'one-photo-only' })
    await refuseHopeless(parts, request, fields)
    const { taken, rejected } = await takeSamples(parts, request, callerOf(actor))
    return await parts.exclusively(async () => {
      const target = await findTarget(parts, request.classId, fields, taken)
      const { known, fresh } = await splitKnown(parts.people, target?.classId ?? null, taken)
      if (!request.force) {
        const faces = fresh.map(({ index, sample }) => ({ index, template: sample.template }))
        await refuseEnrolledElsewhere(parts, faces, target?.classId ?? null)
      }
      const written = await store(parts, request, fields, target, fresh, actor)
      const idOf = new Map([...known].map(([index, image]) => [index, image.imageId]))
      fresh.forEach(({ index }, position) => {
        const imageId = written.imageIds[position]
        if (imageId !== undefined) idOf.set(index, imageId)
      })
      return {
        person: written.person,
        createdPerson: written.createdPerson,
        imageIds: taken.flatMap(({ index }) => idOf.get(index) ?? []),
        knownImageIds: [...known.values()].map((image) => image.imageId),
        rejected,
      }
    })
  }
}

export type Enrol = ReturnType<typeof enroller>

/** Refuses what no photo could mend before any photo is worked on. */
async function refuseHopeless(
  { people }: EnrolmentParts,
  { classId, imageId }: EnrolmentRequest,
  fields: PersonChanges,
): Promise<void> {
  if (fields.name === undefined) {
    if (classId === undefined) throw new Refusal('field-missing', { field: 'name' })
    if ((await people.person(classId)) === null) throw new Refusal('person-not-found', { classId })
  }
  if (imageId !== undefined && (await people.image(imageId)) !== null) throw new Refusal('image-id-taken', { imageId })
}

async function takeSamples(
  parts: EnrolmentParts,
  { photos, strict }: EnrolmentRequest,
  caller: string | undefined,
): Promise<{ taken: readonly Taken[]; rejected: readonly RejectedPhoto[] }> {
  const taken: Taken[] = []
  const rejected: RejectedPhoto[] = []
  const waiting = photos.map((photo, index) => ({ photo, index }))
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { photo, index } = next
      try {
        taken.push({ index, sample: await takeSample(parts, photo, { strict, caller }) })
      } catch (error) {
        if (isRefusal(error) && !isRefusal(error, 'overloaded')) {
          rejected.push({ index, refusal: error })
          continue
        }
        waiting.length = 0
        throw error
      }
    }
  }
  // Enough to keep every worker busy: more at once would be refused for the wait behind each other.
  await Promise.all(Array.from({ length: parts.extractor.status().workers + 1 }, lane))
  rejected.sort((a, b) => a.index - b.index)
  if (taken.length === 0 && rejected[0] !== undefined) throw rejected[0].refusal
  // A file that was sent twice in one request is one image.
  const first = new Map<string, Taken>()
  for (const item of taken.sort((a, b) => a.index - b.index))
    if (!first.has(item.sample.photoSha256)) first.set(item.sample.photoSha256, item)
  return { taken: [...first.values()], rejected }
}

/** The known person to add to; null when one is to be created. The same file under the same name is the same person. */
async function findTarget(
  { people }: EnrolmentParts,
  classId: number | undefined,
  fields: PersonChanges,
  taken: readonly Taken[],
): Promise<Person | null> {
  if (classId !== undefined) return await people.person(classId)
  for (const { sample } of taken)
    for (const image of await people.imagesOfPhoto(sample.photoSha256)) {
      const owner = await people.person(image.classId)
      if (owner !== null && owner.name === fields.name) return owner
    }
  return null
}

async function splitKnown(
  people: PeopleRecords,
  classId: number | null,
  taken: readonly Taken[],
): Promise<{ known: ReadonlyMap<number, StoredImage>; fresh: readonly Taken[] }> {
  const known = new Map<number, StoredImage>()
  if (classId === null) return { known, fresh: taken }
  for (const { index, sample } of taken) {
    const images = await people.imagesOfPhoto(sample.photoSha256)
    const own = images.find((image) => image.classId === classId)
    if (own !== undefined) known.set(index, own)
  }
  return { known, fresh: taken.filter(({ index }) => !known.has(index)) }
}

async function store(
  { people, catchUp }: EnrolmentParts,
  request: EnrolmentRequest,
  fields: PersonChanges,
  target: Person | null,
  fresh: readonly Taken[],
  actor: Actor,
): Promise<{ person: Person; createdPerson: boolean; imageIds: readonly number[] }> {
  const images = fresh.map(({ sample }) =>
    request.imageId === undefined ? sample : { ...sample, imageId: request.imageId },
  )
  if (target !== null) {
    if (images.length === 0 && Object.keys(fields).length === 0)
      return { person: target, createdPerson: false, imageIds: [] }
    const written = await people.enrol({ classId: target.classId, changes: fields }, images, actor)
    await catchUp(written.revision)
    return written
  }
  const { name, age = null, gender = null, residence = null } = fields
  if (name === undefined) throw new Refusal('person-not-found', { classId: request.classId })
  const person = { classId: request.classId ?? null, fields: { name, age, gender, residence } }
  const written = await people.enrol(person, images, actor)
  await catchUp(written.revision)
  return written
}
