import type { Actor } from '../domain/account.ts'
import { isRefusal, Refusal } from '../domain/errors.ts'
import type { PeopleRecords } from '../domain/records.ts'

export interface RemovalParts {
  readonly people: PeopleRecords
  readonly catchUp: (revision: number) => Promise<void>
  /** Writes a restorable backup and answers with its name. */
  readonly backup: () => Promise<string>
  /** The newest committed change. */
  readonly newestRevision: () => Promise<number>
  /** Keeps enrolments on this node waiting. */
  readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>
  /** Whether a reset must be confirmed in the request. */
  readonly resetNeedsConfirmation: boolean
}

export interface Reset {
  readonly imagesRemoved: number
  readonly peopleRemoved: number
  /** File name of the backup written before. */
  readonly backup: string
}

/** Another node may store something between the backup and the removal; then both begin again. */
const ATTEMPTS_MAX = 3

/** Takes enrolled data out: committed and out of the gallery when the call returns. */
export function remover({ people, catchUp, resetNeedsConfirmation, exclusively, ...parts }: RemovalParts) {
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
     * Every image, and with `people` every person; backed up first, and only what the backup holds is removed.
     * @throws Refusal `confirmation-required`; `overloaded` where others kept changing things meanwhile
     */
    async everything(wish: { people: boolean; confirmed: boolean }, actor: Actor): Promise<Reset> {
      if (resetNeedsConfirmation && !wish.confirmed) throw new Refusal('confirmation-required', { field: 'confirm' })
      return await exclusively(async () => {
        for (let attempt = 1; ; attempt++)
          try {
            return await backUpAndRemove(wish.people, actor)
          } catch (error) {
            if (attempt === ATTEMPTS_MAX || !isRefusal(error, 'overloaded')) throw error
          }
      })
    },
  }

  async function backUpAndRemove(withPeople: boolean, actor: Actor): Promise<Reset> {
    const unchangedSince = await parts.newestRevision()
    const backup = await parts.backup()
    const written = await people.reset({ people: withPeople, backup, unchangedSince }, actor)
    await catchUp(written.revision)
    return { imagesRemoved: written.imagesRemoved, peopleRemoved: written.peopleRemoved, backup }
  }
}

export type Remove = ReturnType<typeof remover>
