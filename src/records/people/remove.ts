import { Refusal } from '../../domain/errors.ts'
import type { PeopleRecords } from '../../domain/records.ts'
import type { Database, Queries } from '../database.ts'
import { inPieces } from '../in-pieces.ts'
import { enterInLedger } from '../ledger.ts'
import { findImage } from './image-store.ts'
import { lockPerson, tryLockPerson } from './person-store.ts'

const IMAGES_PER_STATEMENT = 500

/**
 * Erasure: nothing of the person or the image stays in any table, except ids in the audit log. Details of audit rows
 * that concern an erased person go too.
 */
export function removal(database: Database): Pick<PeopleRecords, 'removeImage' | 'removePerson' | 'reset'> {
  return {
    removeImage: (imageId, actor) =>
      database.erase(async (tx) => {
        const classId = await lockOwner(tx, imageId, database.nowMs())
        await removeImages(tx, [imageId])
        const revision = await enterInLedger(tx, database, [{ kind: 'remove', image_id: imageId, class_id: classId }], {
          action: 'remove-image',
          target: `image:${imageId}`,
          classId,
          details: { classId },
          actor,
        })
        return { revision, classId }
      }),

    removePerson: (classId, actor) =>
      database.erase(async (tx) => {
        await lockPerson(tx, classId, database.nowMs())
        const images = await tx.selectFrom('image').select('image_id').where('class_id', '=', classId).execute()
        await removeImages(
          tx,
          images.map(({ image_id }) => image_id),
        )
        await tx.deleteFrom('nguoi').where('class_id', '=', classId).execute()
        await eraseDetails(tx, classId)
        const change = { kind: 'remove-person', image_id: null, class_id: classId }
        const revision = await enterInLedger(tx, database, [change], {
          action: 'remove-person',
          target: `person:${classId}`,
          classId,
          details: { imagesRemoved: images.length },
          actor,
        })
        return { revision, imagesRemoved: images.length }
      }),

    reset: ({ people, backup, unchangedSince }, actor) =>
      database.erase(async (tx) => {
        await tx.deleteFrom('template').execute()
        await tx.deleteFrom('crop').execute()
        await tx.deleteFrom('imported_image').execute()
        const images = await tx.deleteFrom('image').executeTakeFirstOrThrow()
        const removed = people ? await tx.deleteFrom('nguoi').executeTakeFirstOrThrow() : { numDeletedRows: 0n }
        if (people)
          await tx
            .updateTable('audit')
            .set({ details: null, details_salt: null })
            .where('class_id', 'is not', null)
            .where('details', 'is not', null)
            .execute()
        const imagesRemoved = Number(images.numDeletedRows)
        const peopleRemoved = Number(removed.numDeletedRows)
        const revision = await enterInLedger(tx, database, [{ kind: 'clear', image_id: null, class_id: null }], {
          action: 'reset',
          target: people ? 'everything' : 'images',
          details: { backup, imagesRemoved, peopleRemoved },
          actor,
        })
        // Only now, with the ledger locked, is it certain what came before.
        if (unchangedSince !== undefined && revision !== unchangedSince + 1) throw new Refusal('overloaded')
        return { revision, imagesRemoved, peopleRemoved }
      }),
  }
}

/** Takes the details away from what the audit log has said of a person. */
export async function eraseDetails(tx: Queries, classId: number): Promise<void> {
  await tx
    .updateTable('audit')
    .set({ details: null, details_salt: null })
    .where('class_id', '=', classId)
    .where('details', 'is not', null)
    .execute()
}

export async function removeImages(tx: Queries, imageIds: readonly number[]): Promise<void> {
  for (const some of inPieces(imageIds, IMAGES_PER_STATEMENT))
    for (const table of ['template', 'crop', 'imported_image', 'image'] as const)
      await tx.deleteFrom(table).where('image_id', 'in', some).execute()
}

/** Locks the person the image is of; tries again where the image moved before its owner was locked. */
async function lockOwner(tx: Queries, imageId: number, nowMs: number): Promise<number> {
  for (;;) {
    const classId = (await findImage(tx, imageId))?.class_id
    if (classId === undefined) throw new Refusal('image-not-found', { imageId })
    await tryLockPerson(tx, classId, nowMs)
    if ((await findImage(tx, imageId))?.class_id === classId) return classId
  }
}
