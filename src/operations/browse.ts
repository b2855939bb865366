import { Refusal } from '../domain/errors.ts'
import type { Person } from '../domain/person.ts'
import type { PeopleRecords } from '../domain/records.ts'

/** What is enrolled, without recognising anything. */
export function browser(people: PeopleRecords) {
  return {
    listPeople: people.listPeople.bind(people),
    listImages: people.listImages.bind(people),

    /** @throws Refusal `person-not-found` */
    async imagesOf(classId: number): Promise<{ person: Person; imageIds: readonly number[] }> {
      const person = await people.person(classId)
      if (person === null) throw new Refusal('person-not-found', { classId })
      return { person, imageIds: await people.imageIdsOf(classId) }
    },

    /** JPEG. @throws Refusal `image-not-found`, or `crop-not-found` where none was kept */
    async crop(imageId: number): Promise<Uint8Array> {
      const crop = await people.crop(imageId)
      if (crop !== null) return crop
      throw new Refusal((await people.image(imageId)) === null ? 'image-not-found' : 'crop-not-found', { imageId })
    },
  }
}

export type Browse = ReturnType<typeof browser>
