import type { ImportLookup } from '../../domain/import-lookup.ts'
import type { Person } from '../../domain/person.ts'
import type { Database } from '../database.ts'
import { inPieces } from '../in-pieces.ts'
import { PERSON_COLUMNS, readPerson } from '../people/person-row.ts'

/** Keeps statements under every database's limit of parameters. */
const IDS_PER_STATEMENT = 1_000

export function importLookup(database: Database): ImportLookup {
  return {
    people: (classIds) =>
      database.read(async (db) => {
        const found = new Map<number, Person>()
        for (const some of inPieces(classIds, IDS_PER_STATEMENT)) {
          const rows = await db.selectFrom('nguoi').select(PERSON_COLUMNS).where('class_id', 'in', some).execute()
          for (const row of rows) found.set(row.class_id, readPerson(row))
        }
        return found
      }),

    importedImages: (modelId, oldIds) =>
      database.read(async (db) => {
        const found = new Map<string, number>()
        for (const some of inPieces(oldIds, IDS_PER_STATEMENT)) {
          const rows = await db
            .selectFrom('imported_image')
            .select(['old_id', 'image_id'])
            .where('model_id', '=', modelId)
            .where('old_id', 'in', some)
            .execute()
          for (const { old_id, image_id } of rows) found.set(old_id, image_id)
        }
        return found
      }),

    takenImageIds: (imageIds) =>
      database.read(async (db) => {
        const taken = new Set<number>()
        for (const some of inPieces(imageIds, IDS_PER_STATEMENT)) {
          const rows = await db.selectFrom('image').select('image_id').where('image_id', 'in', some).execute()
          for (const { image_id } of rows) taken.add(image_id)
        }
        return taken
      }),
  }
}
