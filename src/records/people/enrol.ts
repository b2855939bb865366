import type { Actor } from '../../domain/account.ts'
import { Refusal } from '../../domain/errors.ts'
import type { Person, PersonChanges } from '../../domain/person.ts'
import type { NewImage, PeopleRecords } from '../../domain/records.ts'
import type { Database, Queries } from '../database.ts'
import { type Change, enterInLedger, putChange } from '../ledger.ts'
import type { Numbers } from '../numbers.ts'
import { imagesByPhoto, type NumberedImage, refuseTakenImageIds, storeImages } from './image-store.ts'
import { applyChanges, personColumns } from './person-row.ts'
import { lockPerson, storePerson } from './person-store.ts'

type Enrol = PeopleRecords['enrol']
type Enrolled = Awaited<ReturnType<Enrol>>
type Subject = Parameters<Enrol>[0]

/** Times that ids already in use are passed over. */
const NUMBERING_ATTEMPTS_MAX = 20

/**
 * Adds images, of a new person or of a known one. The steps lock in the order person, images, ledger, as all writes
 * do, so that two of them rarely wait for each other.
 */
export function enrolment(database: Database, numbers: { classIds: Numbers; imageIds: Numbers }): Enrol {
  return async (subject, images, actor) => {
    for (let attempt = 1; ; attempt++) {
      const numbered = await number(numbers, subject, images)
      try {
        return await database.write((tx) => store(tx, database, subject, numbered, actor))
      } catch (error) {
        if (database.dialect.classify(error) !== 'duplicate' || attempt === NUMBERING_ATTEMPTS_MAX) throw error
        // Somebody has chosen one of these ids, or stored one of these photos: what is in the way is seen now.
      }
    }
  }
}

interface Numbered {
  readonly classId: number
  readonly images: readonly NumberedImage[]
  /** Image ids that the client chose. */
  readonly chosen: ReadonlySet<number>
}

async function number(
  { classIds, imageIds }: { classIds: Numbers; imageIds: Numbers },
  subject: Subject,
  images: readonly NewImage[],
): Promise<Numbered> {
  const unnumbered = images.filter(({ imageId }) => imageId === undefined).length
  const chosen = images.flatMap(({ imageId }) => imageId ?? [])
  const [classId, firstImageId] = await Promise.all([
    subject.classId ?? classIds.take(1),
    unnumbered === 0 ? 0 : imageIds.take(unnumbered),
    'fields' in subject && subject.classId !== null ? classIds.moveOn(subject.classId) : undefined,
    ...chosen.map((imageId) => imageIds.moveOn(imageId)),
  ])
  let next = firstImageId
  const numbered = images.map((image) => ({ ...image, imageId: image.imageId ?? next++ }))
  return { classId, images: numbered, chosen: new Set(chosen) }
}

async function store(
  tx: Queries,
  database: Database,
  subject: Subject,
  { classId, images, chosen }: Numbered,
  actor: Actor,
): Promise<Enrolled> {
  const nowMs = database.nowMs()
  const createdPerson = 'fields' in subject
  const { person, difference } = createdPerson
    ? await createPerson(tx, { ...subject.fields, classId }, subject.classId !== null, nowMs)
    : await changePerson(tx, classId, subject.changes, nowMs)
  const photos = images.flatMap(({ photoSha256 }) => photoSha256 ?? [])
  const known = createdPerson ? new Map<string, number>() : await imagesByPhoto(tx, classId, photos)
  const { fresh, imageIds } = withoutKnown(images, known)
  const freshIds = fresh.map(({ imageId }) => imageId)
  await refuseTakenImageIds(
    tx,
    freshIds.filter((imageId) => chosen.has(imageId)),
  )
  await storeImages(tx, classId, fresh, nowMs)
  const changes: Change[] = fresh.map(({ imageId }) => putChange(imageId, classId))
  if (changes.length === 0) changes.push({ kind: 'edit-person', image_id: null, class_id: classId })
  const revision = await enterInLedger(tx, database, changes, {
    action: 'enrol',
    target: `person:${classId}`,
    classId,
    details: { imageIds: freshIds, createdPerson, ...difference },
    actor,
  })
  return { revision, person, imageIds, createdPerson }
}

/** Splits off images whose photo the person has already; `imageIds` are those of all images in their order. */
function withoutKnown(images: readonly NumberedImage[], known: Map<string, number>) {
  const fresh: NumberedImage[] = []
  const imageIds = images.map((image) => {
    const same = image.photoSha256 === null ? undefined : known.get(image.photoSha256)
    if (same !== undefined) return same
    if (image.photoSha256 !== null) known.set(image.photoSha256, image.imageId)
    fresh.push(image)
    return image.imageId
  })
  return { fresh, imageIds }
}

async function createPerson(tx: Queries, person: Person, chosen: boolean, nowMs: number) {
  if (chosen) await refuseTakenClassId(tx, person.classId)
  await tx
    .insertInto('nguoi')
    .values({ ...personColumns(person), created_at: nowMs, updated_at: nowMs })
    .execute()
  return { person, difference: {} }
}

async function changePerson(tx: Queries, classId: number, changes: PersonChanges, nowMs: number) {
  const { after, fieldsChanged, difference } = applyChanges(await lockPerson(tx, classId, nowMs), changes)
  if (fieldsChanged.length === 0) return { person: after, difference: {} }
  await storePerson(tx, after)
  return { person: after, difference }
}

async function refuseTakenClassId(tx: Queries, classId: number): Promise<void> {
  const taken = await tx.selectFrom('nguoi').select('class_id').where('class_id', '=', classId).executeTakeFirst()
  if (taken !== undefined) throw new Refusal('field-invalid', { field: 'class_id', reason: 'taken', classId })
}
