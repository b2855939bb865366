import type { Actor } from '../domain/account.ts'
import { Refusal } from '../domain/errors.ts'
import { checkPersonChanges, type Person, type PersonChanges } from '../domain/person.ts'
import type { PeopleRecords, StoredImage } from '../domain/records.ts'

export interface RearrangementParts {
  readonly people: PeopleRecords
  readonly catchUp: (revision: number) => Promise<void>
}

export interface Merge {
  readonly person: Person
  /** With these, a split undoes the merge. */
  readonly imageIdsMoved: readonly number[]
  /** Images of a photo that the other person had already. */
  readonly imagesRemoved: number
}

export interface SplitRequest {
  readonly classId: number
  /** At least one. */
  readonly imageIds: readonly number[]
  /** The id that the new person shall have; the next free one where absent. */
  readonly newClassId?: number
  /** With a name. */
  readonly fields: PersonChanges
}

/** Puts right whose images are whose: committed and in the gallery when the call returns. */
export function rearranger({ people, catchUp }: RearrangementParts) {
  return {
    /** @throws Refusal `image-not-found`, `person-not-found`, `already-enrolled` where the person has the photo already */
    async moveImage(imageId: number, classId: number, actor: Actor): Promise<{ image: StoredImage; person: Person }> {
      const { revision, image, person } = await people.editImage(imageId, { classId }, actor)
      await catchUp(revision)
      return { image, person }
    },

    /** Two enrolments of one person become one. @throws Refusal `person-not-found`, `field-invalid` */
    async merge(from: number, into: number, actor: Actor): Promise<Merge> {
      if (from === into) throw new Refusal('field-invalid', { field: 'into_class_id', reason: 'same-person' })
      const { revision, ...merge } = await people.mergePeople(from, into, actor)
      await catchUp(revision)
      return merge
    },

    /**
     * Images of a person become those of a new one.
     * @throws Refusal `person-not-found`, `image-not-found`, `field-missing`, `field-invalid`
     */
    async split({ classId, imageIds, newClassId, fields }: SplitRequest, actor: Actor): Promise<{ person: Person }> {
      const { name, age = null, gender = null, residence = null } = checkPersonChanges(fields)
      if (name === undefined) throw new Refusal('field-missing', { field: 'name' })
      const subject = { classId: newClassId ?? null, fields: { name, age, gender, residence } }
      const { revision, person } = await people.splitPerson(classId, [...new Set(imageIds)], subject, actor)
      await catchUp(revision)
      return { person }
    },
  }
}

export type Rearrange = ReturnType<typeof rearranger>
