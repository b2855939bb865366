import { Refusal } from '../../domain/errors.ts'
import type { PeopleRecords } from '../../domain/records.ts'
import type { Database, Queries } from '../database.ts'
import { type Change, enterInLedger, putChange } from '../ledger.ts'
import { readImage } from './image-row.ts'
import { findImage, imagesByPhoto, replacePhoto } from './image-store.ts'
import { applyChanges } from './person-row.ts'
import { lockPerson, storePerson, tryLockPerson } from './person-store.ts'

type Edit = Parameters<PeopleRecords['editImage']>[1]

/** Changes of what is stored of people and images. */
export function editing(database: Database): Pick<PeopleRecords, 'editPerson' | 'editImage'> {
  return {
    editPerson: (classId, changes, actor) =>
      database.write(async (tx) => {
        const person = await lockPerson(tx, classId, database.nowMs())
        const { after, fieldsChanged, difference } = applyChanges(person, changes)
        if (fieldsChanged.length > 0) await storePerson(tx, after)
        const revision = await enterInLedger(tx, database, [personChange(classId)], {
          action: 'edit-person',
          target: `person:${classId}`,
          classId,
          details: difference,
          actor,
        })
        return { revision, person: after, fieldsChanged }
      }),

    editImage: (imageId, edit, actor) =>
      database.write(async (tx) => {
        const nowMs = database.nowMs()
        const { from, person } = await lockOwners(tx, imageId, edit, nowMs)
        const { after, fieldsChanged, difference } = applyChanges(person, edit.personChanges ?? {})
        if (fieldsChanged.length > 0) await storePerson(tx, after)
        await refusePhotoTwice(tx, imageId, from, after.classId, edit)
        const moved = after.classId !== from
        await tx
          .updateTable('image')
          .set({ class_id: after.classId, updated_at: nowMs })
          .$if(edit.label !== undefined, (query) => query.set({ label: edit.label ?? '' }))
          .where('image_id', '=', imageId)
          .execute()
        if (edit.replacement !== undefined) await replacePhoto(tx, database.seal, imageId, edit.replacement)
        const change =
          moved || edit.replacement !== undefined ? putChange(imageId, after.classId) : personChange(after.classId)
        const revision = await enterInLedger(tx, database, [change], {
          action: 'edit-image',
          target: `image:${imageId}`,
          classId: after.classId,
          details: {
            photoReplaced: edit.replacement !== undefined,
            // The label itself may name a person, and has to go when the image goes.
            labelChanged: edit.label !== undefined,
            ...(moved ? { movedFrom: from, movedTo: after.classId } : {}),
            ...(fieldsChanged.length > 0 ? difference : {}),
          },
          actor,
        })
        const row = await findImage(tx, imageId)
        if (row === undefined) throw new Refusal('image-not-found', { imageId })
        return { revision, image: readImage(row), person: after, fieldsChanged }
      }),
  }
}

function personChange(classId: number): Change {
  return { kind: 'edit-person', image_id: null, class_id: classId }
}

/**
 * Locks the person the image is of, and the one it moves to, in the order of their ids; tries again where the image
 * moved before its owner was locked.
 */
async function lockOwners(tx: Queries, imageId: number, edit: Edit, nowMs: number) {
  for (;;) {
    const from = (await findImage(tx, imageId))?.class_id
    if (from === undefined) throw new Refusal('image-not-found', { imageId })
    const to = edit.classId ?? from
    const [first, second] = from < to ? [from, to] : [to, from]
    const locked = await tryLockPerson(tx, first, nowMs)
    const other = first === second ? locked : await tryLockPerson(tx, second, nowMs)
    const person = first === to ? locked : other
    if ((await findImage(tx, imageId))?.class_id !== from) continue
    if (person === undefined) throw new Refusal('person-not-found', { classId: to })
    return { from, person }
  }
}

/** @throws Refusal `already-enrolled` where another image of the person is of the same photo */
async function refusePhotoTwice(
  tx: Queries,
  imageId: number,
  from: number,
  classId: number,
  edit: Edit,
): Promise<void> {
  const photo = edit.replacement === undefined ? await photoOf(tx, imageId) : edit.replacement.photoSha256
  if (photo === null || (edit.replacement === undefined && from === classId)) return
  const same = (await imagesByPhoto(tx, classId, [photo])).get(photo)
  if (same !== undefined && same !== imageId) throw new Refusal('already-enrolled', { classId, imageId: same })
}

async function photoOf(tx: Queries, imageId: number): Promise<string | null> {
  const row = await tx.selectFrom('image').select('photo_sha256').where('image_id', '=', imageId).executeTakeFirst()
  return row?.photo_sha256 ?? null
}
