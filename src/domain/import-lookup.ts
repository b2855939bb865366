import type { Person } from './person.ts'

/**
 * What an import from another system asks before it writes through `PeopleRecords`, many at a time. It changes nothing.
 */
export interface ImportLookup {
  /** The people of these ids that exist, by class id. */
  people(classIds: readonly number[]): Promise<ReadonlyMap<number, Person>>
  /** Which of these images of the other system were imported for the model before, with the ids they have here. */
  importedImages(modelId: string, oldIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Which of these image ids are in use. */
  takenImageIds(imageIds: readonly number[]): Promise<ReadonlySet<number>>
}
