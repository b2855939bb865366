import type { Actor } from '../../domain/account.ts'
import { Refusal } from '../../domain/errors.ts'
import type { Person } from '../../domain/person.ts'
import type { Enrolled, EnrolmentSubject, NewImage, PeopleRecords } from '../../domain/records.ts'
import type { AuditEntry } from '../audit/audit-row.ts'
import type { Database, Queries } from '../database.ts'
import { type Change, enterAllInLedger, putChange } from '../ledger.ts'
import type { Numbers } from '../numbers.ts'
import { imagesByPhoto, type PlacedImage, refuseTakenImageIds, storeImages } from './image-store.ts'
import { applyChanges } from './person-row.ts'
import { insertPeople, lockPeople, refuseTakenClassIds, storePerson } from './person-store.ts'

interface Enrolment {
  readonly subject: EnrolmentSubject
  readonly images: readonly NewImage[]
}

/** How often ids that turn out to be in use are replaced by others. */
const NUMBERING_ATTEMPTS_MAX = 20

/**
 * Adds images, of new people or of known ones. The steps lock in the order people, images, ledger, as all writes do,
 * so that two of them rarely wait for each other.
 */
export function enrolment(
  database: Database,
  numbers: { classIds: Numbers; imageIds: Numbers },
): Pick<PeopleRecords, 'enrol' | 'enrolMany'> {
  const enrolMany: PeopleRecords['enrolMany'] = async (enrolments, actor) => {
    for (let attempt = 1; ; attempt++) {
      const placed = await place(numbers, enrolments)
      try {
        return await database.write((tx) => store(tx, database, placed, actor))
      } catch (error) {
        if (database.dialect.classify(error) !== 'duplicate' || attempt === NUMBERING_ATTEMPTS_MAX) throw error
        // Somebody has chosen one of these ids, or stored one of these photos: what is in the way is seen now.
      }
    }
  }
  return {
    enrolMany,
    async enrol(subject, images, actor) {
      const { revision, enrolled } = await enrolMany([{ subject, images }], actor)
      const [only] = enrolled
      if (only === undefined) throw new Error('One enrolment has one result')
      return { revision, ...only }
    },
  }
}

/** An enrolment whose ids are settled. */
interface Placed {
  readonly subject: EnrolmentSubject
  readonly classId: number
  readonly images: readonly PlacedImage[]
  /** Ids that the client chose: they may be taken. */
  readonly chosenImageIds: readonly number[]
}

async function place(
  { classIds, imageIds }: { classIds: Numbers; imageIds: Numbers },
  enrolments: readonly Enrolment[],
): Promise<readonly Placed[]> {
  const chosenClassIds = enrolments.flatMap(({ subject }) => ('fields' in subject ? (subject.classId ?? []) : []))
  const chosenImageIds = enrolments.flatMap(({ images }) => images.flatMap(({ imageId }) => imageId ?? []))
  const unnumberedPeople = enrolments.filter(({ subject }) => subject.classId === null).length
  const unnumberedImages = enrolments.reduce((sum, { images }) => sum + images.length, 0) - chosenImageIds.length
  let [nextClassId, nextImageId] = await Promise.all([
    unnumberedPeople === 0 ? 0 : classIds.take(unnumberedPeople),
    unnumberedImages === 0 ? 0 : imageIds.take(unnumberedImages),
    classIds.moveOn(chosenClassIds),
    imageIds.moveOn(chosenImageIds),
  ])
  return enrolments.map(({ subject, images }) => {
    const classId = subject.classId ?? nextClassId++
    return {
      subject,
      classId,
      images: images.map((image) => ({ ...image, classId, imageId: image.imageId ?? nextImageId++ })),
      chosenImageIds: images.flatMap(({ imageId }) => imageId ?? []),
    }
  })
}

async function store(
  tx: Queries,
  database: Database,
  placed: readonly Placed[],
  actor: Actor,
): Promise<Awaited<ReturnType<PeopleRecords['enrolMany']>>> {
  const nowMs = database.nowMs()
  const people = await storePeople(tx, placed, nowMs)
  const known = await knownPhotos(tx, placed)
  const chosen = new Set(placed.flatMap(({ chosenImageIds }) => chosenImageIds))
  const split = placed.map(({ classId, images }) => withoutKnown(images, known.get(classId) ?? new Map()))
  const fresh = split.flatMap((of) => of.fresh)
  await refuseTakenImageIds(
    tx,
    fresh.flatMap(({ imageId }) => (chosen.has(imageId) ? imageId : [])),
  )
  await storeImages(tx, database.seal, fresh, nowMs)
  const changes: Change[] = fresh.map(({ imageId, classId }) => putChange(imageId, classId))
  const entries: AuditEntry[] = []
  const enrolled: Enrolled[] = []
  placed.forEach(({ classId, subject }, index) => {
    const person = people.get(classId)
    const { fresh: stored, imageIds } = split[index] ?? { fresh: [], imageIds: [] }
    if (person === undefined) return
    if (stored.length === 0) changes.push({ kind: 'edit-person', image_id: null, class_id: classId })
    const createdPerson = 'fields' in subject
    enrolled.push({ person: person.after, imageIds, createdPerson })
    entries.push({
      action: 'enrol',
      target: `person:${classId}`,
      classId,
      details: { imageIds: stored.map(({ imageId }) => imageId), createdPerson, ...person.difference },
      actor,
    })
  })
  return { revision: await enterAllInLedger(tx, database, changes, entries), enrolled }
}

async function storePeople(tx: Queries, placed: readonly Placed[], nowMs: number) {
  const people = new Map<number, { readonly after: Person; readonly difference: Readonly<Record<string, unknown>> }>()
  const created: Person[] = []
  const chosen: number[] = []
  const knownIds = placed.flatMap(({ subject, classId }) => ('changes' in subject ? classId : []))
  const locked = await lockPeople(tx, knownIds, nowMs)
  for (const { subject, classId } of placed) {
    if ('fields' in subject) {
      const person = { ...subject.fields, classId }
      created.push(person)
      if (subject.classId !== null) chosen.push(classId)
      people.set(classId, { after: person, difference: {} })
    } else {
      const before = locked.get(classId)
      if (before === undefined) throw new Refusal('person-not-found', { classId })
      const { after, fieldsChanged, difference } = applyChanges(before, subject.changes)
      if (fieldsChanged.length > 0) await storePerson(tx, after)
      people.set(classId, { after, difference: fieldsChanged.length > 0 ? difference : {} })
    }
  }
  await refuseTakenClassIds(tx, chosen)
  await insertPeople(tx, created, nowMs)
  return people
}

async function knownPhotos(tx: Queries, placed: readonly Placed[]): Promise<Map<number, Map<string, number>>> {
  const known = new Map<number, Map<string, number>>(placed.map(({ classId }) => [classId, new Map()]))
  for (const { subject, classId, images } of placed) {
    if ('fields' in subject) continue
    const photos = images.flatMap(({ photoSha256 }) => photoSha256 ?? [])
    for (const [photo, imageId] of await imagesByPhoto(tx, classId, photos)) known.get(classId)?.set(photo, imageId)
  }
  return known
}

/** Splits off images whose photo the person has already; `imageIds` are those of all images in their order. */
function withoutKnown(images: readonly PlacedImage[], known: Map<string, number>) {
  const fresh: PlacedImage[] = []
  const imageIds = images.map((image) => {
    const same = image.photoSha256 === null ? undefined : known.get(image.photoSha256)
    if (same !== undefined) return same
    if (image.photoSha256 !== null) known.set(image.photoSha256, image.imageId)
    fresh.push(image)
    return image.imageId
  })
  return { fresh, imageIds }
}
