import type { Actor } from '../domain/account.ts'
import { isRefusal, Refusal } from '../domain/errors.ts'
import type { PeopleRecords } from '../domain/records.ts'
import type { Enrol } from './enrol.ts'

/** A photo that is read when its turn comes. */
export interface PhotoOnDisk {
  readonly path: string
  readonly label: string
  read(): Promise<Uint8Array>
  /** Lower-case hex of the file's bytes. */
  sha256(): Promise<string>
}

export interface FolderPerson {
  readonly name: string
  readonly photos: readonly PhotoOnDisk[]
}

export type PhotoOutcome =
  | { readonly kind: 'enrolled' }
  /** Stored by an earlier run. */
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export interface FolderEnrolmentParts {
  readonly enrol: Enrol
  readonly people: PeopleRecords
  /** People worked on at once; their photos take turns. */
  readonly concurrency: number
}

const PEOPLE_OF_ONE_NAME_LOOKED_AT = 100

/**
 * Enrols people with their photos, one transaction a photo, so that a run that is cut off loses nothing, and the next
 * one skips what is stored.
 */
export function folderEnroller({ enrol, people, concurrency }: FolderEnrolmentParts) {
  return async function enrolFolder(
    folder: readonly FolderPerson[],
    wish: { readonly strict: boolean; readonly force: boolean },
    actor: Actor,
    onPhoto: (person: FolderPerson, photo: PhotoOnDisk, outcome: PhotoOutcome) => void,
  ): Promise<void> {
    const waiting = [...folder]
    const lane = async () => {
      for (let person = waiting.shift(); person !== undefined; person = waiting.shift()) await enrolPerson(person)
    }
    await Promise.all(Array.from({ length: concurrency }, lane))

    async function enrolPerson(person: FolderPerson): Promise<void> {
      let classId: number | null
      try {
        classId = await personCalled(person.name)
      } catch (error) {
        for (const photo of person.photos) onPhoto(person, photo, refused(error))
        return
      }
      for (const photo of person.photos) {
        try {
          if (classId !== null && (await isStored(photo, classId))) {
            onPhoto(person, photo, { kind: 'known' })
            continue
          }
          const photos = [{ bytes: await photo.read(), label: photo.label }]
          const target = classId === null ? { fields: { name: person.name } } : { classId, fields: {} }
          const enrolment = await enrol({ photos, ...target, ...wish }, actor)
          classId = enrolment.person.classId
          onPhoto(person, photo, { kind: 'enrolled' })
        } catch (error) {
          onPhoto(person, photo, refused(error))
        }
      }
    }
  }

  async function isStored(photo: PhotoOnDisk, classId: number): Promise<boolean> {
    const stored = await people.imagesOfPhoto(await photo.sha256())
    return stored.some((image) => image.classId === classId)
  }

  /** @throws Refusal `field-invalid` where several people have the name */
  async function personCalled(name: string): Promise<number | null> {
    const { rows } = await people.listPeople(name, { page: 1, pageSize: PEOPLE_OF_ONE_NAME_LOOKED_AT })
    const called = rows.filter((person) => person.name === name.normalize('NFC').trim())
    if (called.length > 1) throw new Refusal('field-invalid', { field: 'name', reason: 'several-people' })
    return called[0]?.classId ?? null
  }
}

/** A refusal of one photo or person; whatever would refuse the next ones too ends the run. */
function refused(error: unknown): PhotoOutcome {
  if (!isRefusal(error) || isRefusal(error, 'not-ready') || isRefusal(error, 'overloaded')) throw error
  return { kind: 'refused', refusal: error }
}
