import { Refusal } from '../../domain/errors.ts'
import type { PeopleRecords } from '../../domain/records.ts'
import type { Database, Queries } from '../database.ts'
import { inPieces } from '../in-pieces.ts'
import { type Change, enterInLedger, putChange } from '../ledger.ts'
import type { Numbers } from '../numbers.ts'
import { insertPeople, lockPeople, lockPerson, refuseTakenClassIds } from './person-store.ts'
import { eraseDetails, removeImages } from './remove.ts'

const IMAGES_PER_STATEMENT = 500
/** How often an id that turns out to be in use is replaced by another. */
const NUMBERING_ATTEMPTS_MAX = 20

/** Whose images are whose: two people made one, and one made two. */
export function rearrangement(
  database: Database,
  classIds: Numbers,
): Pick<PeopleRecords, 'mergePeople' | 'splitPerson'> {
  return {
    mergePeople: (from, into, actor) =>
      database.erase(async (tx) => {
        const nowMs = database.nowMs()
        const people = await lockPeople(tx, [from, into], nowMs)
        const person = people.get(into)
        if (person === undefined) throw new Refusal('person-not-found', { classId: into })
        if (!people.has(from)) throw new Refusal('person-not-found', { classId: from })
        const { moved, twice } = await splitByPhoto(tx, from, into)
        await removeImages(tx, twice)
        await giveImages(tx, moved, into, nowMs)
        await tx.deleteFrom('nguoi').where('class_id', '=', from).execute()
        // Nobody could erase what was said of the one who is no more.
        await eraseDetails(tx, from)
        const changes: Change[] = [
          ...moved.map((imageId) => putChange(imageId, into)),
          ...twice.map((imageId) => ({ kind: 'remove', image_id: imageId, class_id: from })),
          { kind: 'edit-person', image_id: null, class_id: into },
        ]
        const revision = await enterInLedger(tx, database, changes, {
          action: 'merge-people',
          target: `person:${from}`,
          classId: from,
          details: { into, imageIds: moved, imagesRemoved: twice.length },
          actor,
        })
        return { revision, person, imageIdsMoved: moved, imagesRemoved: twice.length }
      }),

    async splitPerson(from, imageIds, subject, actor) {
      for (let attempt = 1; ; attempt++) {
        const classId = subject.classId ?? (await classIds.take(1))
        if (subject.classId !== null) await classIds.moveOn([classId])
        try {
          return await database.write(async (tx) => {
            const nowMs = database.nowMs()
            await lockPerson(tx, from, nowMs)
            await refuseOthersImages(tx, from, imageIds)
            if (subject.classId !== null) await refuseTakenClassIds(tx, [classId])
            const person = { ...subject.fields, classId }
            await insertPeople(tx, [person], nowMs)
            await giveImages(tx, imageIds, classId, nowMs)
            const changes = imageIds.map((imageId) => putChange(imageId, classId))
            const revision = await enterInLedger(tx, database, changes, {
              action: 'split-person',
              target: `person:${classId}`,
              classId,
              details: { from, imageIds },
              actor,
            })
            return { revision, person }
          })
        } catch (error) {
          const taken = database.dialect.classify(error) === 'duplicate'
          if (!taken || attempt === NUMBERING_ATTEMPTS_MAX) throw error
          // Somebody has chosen this id meanwhile: a chosen one is refused now, another one is taken.
        }
      }
    },
  }
}

/** The images of `from`: those that can move, and those whose photo `into` has too. */
async function splitByPhoto(tx: Queries, from: number, into: number) {
  const photosOf = (classId: number) =>
    tx
      .selectFrom('image')
      .select(['image_id', 'photo_sha256'])
      .where('class_id', '=', classId)
      .orderBy('image_id')
      .execute()
  const there = new Set((await photosOf(into)).map(({ photo_sha256 }) => photo_sha256))
  const images = await photosOf(from)
  const isTwice = (photo: string | null) => photo !== null && there.has(photo)
  return {
    moved: images.filter((image) => !isTwice(image.photo_sha256)).map(({ image_id }) => image_id),
    twice: images.filter((image) => isTwice(image.photo_sha256)).map(({ image_id }) => image_id),
  }
}

async function giveImages(tx: Queries, imageIds: readonly number[], classId: number, nowMs: number): Promise<void> {
  for (const some of inPieces(imageIds, IMAGES_PER_STATEMENT))
    await tx.updateTable('image').set({ class_id: classId, updated_at: nowMs }).where('image_id', 'in', some).execute()
}

/** @throws Refusal `image-not-found` */
async function refuseOthersImages(tx: Queries, classId: number, imageIds: readonly number[]): Promise<void> {
  const own = new Set<number>()
  for (const some of inPieces(imageIds, IMAGES_PER_STATEMENT)) {
    const rows = await tx
      .selectFrom('image')
      .select('image_id')
      .where('class_id', '=', classId)
      .where('image_id', 'in', some)
      .execute()
    for (const { image_id } of rows) own.add(image_id)
  }
  const other = imageIds.find((imageId) => !own.has(imageId))
  if (other !== undefined) throw new Refusal('image-not-found', { imageId: other })
}
