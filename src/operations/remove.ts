import type { Actor } from '../domain/account.ts'
import { Refusal } from '../domain/errors.ts'
import type { PeopleRecords } from '../domain/records.ts'

export interface RemovalParts {
  readonly people: PeopleRecords
  readonly catchUp: (revision: number) => Promise<void>
  /** Writes a restorable backup and answers with its name. */
  readonly backup: () => Promise<string>
  /** Whether a reset must be confirmed in the request. */
  readonly resetNeedsConfirmation: boolean
}

export interface Reset {
  readonly imagesRemoved: number
  readonly peopleRemoved: number
  /** File name of the backup written before. */
  readonly backup: string
}

/** Takes enrolled data out: committed and out of the gallery when the call returns. */
export function remover({ people, catchUp, backup, resetNeedsConfirmation }: RemovalParts) {
  return {
    /** @throws Refusal `image-not-found` */
    async image(imageId: number, actor: Actor): Promise<{ classId: number }> {
      const { revision, classId } = await people.removeImage(imageId, actor)
      await catchUp(revision)
      return { classId }
    },

    /** The person with all images. @throws Refusal `person-not-found` */
    async person(classId: number, actor: Actor): Promise<{ imagesRemoved: number }> {
      const { revision, imagesRemoved } = await people.removePerson(classId, actor)
      await catchUp(revision)
      return { imagesRemoved }
    },

    /**
     * Every image, and with `people` every person; backed up first, and nothing is removed where that fails.
     * @throws Refusal `confirmation-required`
     */
    async everything(wish: { people: boolean; confirmed: boolean }, actor: Actor): Promise<Reset> {
      if (resetNeedsConfirmation && !wish.confirmed) throw new Refusal('confirmation-required', { field: 'confirm' })
      const name = await backup()
      const written = await people.reset({ people: wish.people, backup: name }, actor)
      await catchUp(written.revision)
      return { imagesRemoved: written.imagesRemoved, peopleRemoved: written.peopleRemoved, backup: name }
    },
  }
}

export type Remove = ReturnType<typeof remover>
