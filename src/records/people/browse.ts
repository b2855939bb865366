import { sql } from 'kysely'
import type { Person } from '../../domain/person.ts'
import type { ImageSortKey, PeopleRecords, PersonOrder, PersonSortKey, StoredImage } from '../../domain/records.ts'
import { decodeCrop } from '../crop-row.ts'
import type { Database } from '../database.ts'
import { BETWEEN_FIELDS, fold } from '../search-key.ts'
import type { DamageReport } from '../template-damage.ts'
import { decodeTemplate } from '../template-row.ts'
import { IMAGE_COLUMNS, readImage } from './image-row.ts'
import { PERSON_COLUMNS, readPerson } from './person-row.ts'

type Reading = Pick<
  PeopleRecords,
  'person' | 'listPeople' | 'image' | 'imageIdsOf' | 'listImages' | 'matches' | 'templatesOf' | 'crop' | 'imagesOfPhoto'
>

const SORT_COLUMNS = {
  image_id: 'image.image_id',
  class_id: 'image.class_id',
  image_path: 'image.label',
  created: 'image.created_at',
  updated: 'image.updated_at',
} as const satisfies Record<ImageSortKey, string>

const BY_CLASS_ID: PersonOrder = { sortBy: 'class_id', descending: false }

/** Names as they are searched for: the same in every database, "Đặng" beside "Dang". */
const FOLDED_NAME = sql`substr(search_key, instr(search_key, ${BETWEEN_FIELDS}) + 1)`
const PERSON_SORT_KEYS = {
  class_id: null,
  name: FOLDED_NAME,
  age: sql`tuoi`,
  updated: sql`updated_at`,
} as const satisfies Record<PersonSortKey, unknown>

/** Ids in one statement. */
const IDS_PER_STATEMENT = 500

/** The reads that change nothing and see what is committed. */
export function browse(database: Database, reportDamage: DamageReport): Reading {
  return {
    async person(classId) {
      const row = await database.read((db) =>
        db.selectFrom('nguoi').select(PERSON_COLUMNS).where('class_id', '=', classId).executeTakeFirst(),
      )
      return row === undefined ? null : readPerson(row)
    },

    listPeople: (text, { page, pageSize }, order = BY_CLASS_ID) =>
      database.read(async (db) => {
        const sought = fold(text)
        // Not LIKE: the text has no wildcards to escape, and bytes are compared with bytes.
        const found = db
          .selectFrom('nguoi')
          .$if(sought !== '', (query) => query.where(sql<number>`instr(search_key, ${sought})`, '>', 0))
        const { total } = await found.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
        const offset = (page - 1) * pageSize
        if (offset >= total) return { rows: [], total }
        const direction = order.descending ? 'desc' : 'asc'
        const key = PERSON_SORT_KEYS[order.sortBy]
        const people = await found
          .select(PERSON_COLUMNS)
          .$if(key !== null, (query) => query.orderBy(sql`${key} is null`).orderBy(sql`${key}`, direction))
          .orderBy('class_id', direction)
          .limit(pageSize)
          .offset(offset)
          .execute()
        const classIds = people.map(({ class_id }) => class_id)
        const counts = await db
          .selectFrom('image')
          .select((of) => ['class_id', of.fn.countAll<number>().as('images'), of.fn.min('image_id').as('first')])
          .where('class_id', 'in', classIds)
          .groupBy('class_id')
          .execute()
        const imagesOf = new Map(counts.map((row) => [row.class_id, row]))
        return {
          rows: people.map((row) => {
            const { images: imageCount = 0, first: firstImageId = null } = imagesOf.get(row.class_id) ?? {}
            return { ...readPerson(row), imageCount, firstImageId }
          }),
          total,
        }
      }),

    async image(imageId) {
      const row = await database.read((db) =>
        db.selectFrom('image').select(IMAGE_COLUMNS).where('image_id', '=', imageId).executeTakeFirst(),
      )
      return row === undefined ? null : readImage(row)
    },

    async imageIdsOf(classId) {
      const rows = await database.read((db) =>
        db.selectFrom('image').select('image_id').where('class_id', '=', classId).orderBy('image_id').execute(),
      )
      return rows.map(({ image_id }) => image_id)
    },

    listImages: ({ page, pageSize, classId, sortBy, descending }) =>
      database.read(async (db) => {
        const found = db
          .selectFrom('image')
          .$if(classId !== null, (query) => query.where('class_id', '=', classId ?? 0))
        const { total } = await found.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
        const direction = descending ? 'desc' : 'asc'
        const rows = await found
          .select(IMAGE_COLUMNS)
          .orderBy(SORT_COLUMNS[sortBy], direction)
          .$if(sortBy !== 'image_id', (query) => query.orderBy('image.image_id', direction))
          .limit(pageSize)
          .offset((page - 1) * pageSize)
          .execute()
        return { rows: rows.map(readImage), total }
      }),

    async matches(imageIds, modelId) {
      const found = new Map<number, { image: StoredImage; person: Person; template: Float32Array }>()
      for (let start = 0; start < imageIds.length; start += IDS_PER_STATEMENT) {
        const rows = await database.read((db) =>
          db
            .selectFrom('image')
            .innerJoin('nguoi', 'nguoi.class_id', 'image.class_id')
            .innerJoin('template', 'template.image_id', 'image.image_id')
            .select(IMAGE_COLUMNS)
            .select(PERSON_COLUMNS)
            .select(['template.model_id', 'template.vector', 'template.checksum', 'template.key_id'])
            .where('image.image_id', 'in', imageIds.slice(start, start + IDS_PER_STATEMENT))
            .where('template.model_id', '=', modelId)
            .execute(),
        )
        for (const row of rows) {
          const template = decodeTemplate(database.seal, row)
          if (template === null) reportDamage(row.image_id, modelId)
          else found.set(row.image_id, { image: readImage(row), person: readPerson(row), template })
        }
      }
      return found
    },

    async templatesOf(classId, modelId) {
      const rows = await database.read((db) =>
        db
          .selectFrom('image')
          .innerJoin('template', 'template.image_id', 'image.image_id')
          .select(['template.image_id', 'template.model_id', 'template.vector', 'template.checksum', 'template.key_id'])
          .where('image.class_id', '=', classId)
          .where('template.model_id', '=', modelId)
          .orderBy('image.image_id')
          .execute(),
      )
      return rows.flatMap((row) => {
        const template = decodeTemplate(database.seal, row)
        if (template === null) reportDamage(row.image_id, modelId)
        return template === null ? [] : [{ imageId: row.image_id, template }]
      })
    },

    async crop(imageId) {
      const row = await database.read((db) =>
        db.selectFrom('crop').selectAll().where('image_id', '=', imageId).executeTakeFirst(),
      )
      return row === undefined ? null : decodeCrop(database.seal, row)
    },

    async imagesOfPhoto(photoSha256) {
      const rows = await database.read((db) =>
        db
          .selectFrom('image')
          .select(IMAGE_COLUMNS)
          .where('photo_sha256', '=', photoSha256)
          .orderBy('image_id')
          .execute(),
      )
      return rows.map(readImage)
    },
  }
}
