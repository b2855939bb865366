import type { ValueSeal } from '../../domain/encryption.ts'
import type { Quality } from '../../domain/face.ts'
import type { HeldImage, PersonalData } from '../../domain/personal-data.ts'
import { readAuditRow } from '../audit/audit-row.ts'
import { decodeCrop } from '../crop-row.ts'
import type { Database, Queries } from '../database.ts'
import type { ImageTable } from '../tables.ts'
import { decodeTemplate } from '../template-row.ts'
import { readImage } from './image-row.ts'
import { readPerson } from './person-row.ts'

/** Everything in every table that concerns a person; null where there is no such person. */
export function personalData(database: Database): (classId: number) => Promise<PersonalData | null> {
  return (classId) =>
    database.read(async (db) => {
      const row = await db.selectFrom('nguoi').selectAll().where('class_id', '=', classId).executeTakeFirst()
      if (row === undefined) return null
      const images = await db
        .selectFrom('image')
        .selectAll()
        .where('class_id', '=', classId)
        .orderBy('image_id')
        .execute()
      const held: HeldImage[] = []
      for (const image of images) held.push(await heldImage(db, database.seal, image))
      const audit = await db
        .selectFrom('audit')
        .selectAll()
        .where('class_id', '=', classId)
        .orderBy('audit_id')
        .execute()
      return {
        person: readPerson(row),
        createdAt: dateOf(row.created_at),
        updatedAt: dateOf(row.updated_at),
        images: held,
        audit: audit.map(readAuditRow),
      }
    })
}

async function heldImage(db: Queries, seal: ValueSeal | null, image: ImageTable): Promise<HeldImage> {
  const { image_id } = image
  const crop = await db.selectFrom('crop').selectAll().where('image_id', '=', image_id).executeTakeFirst()
  const templates = await db.selectFrom('template').selectAll().where('image_id', '=', image_id).execute()
  const imported = await db.selectFrom('imported_image').select('old_id').where('image_id', '=', image_id).execute()
  return {
    ...readImage(image),
    photoSha256: image.photo_sha256,
    quality: qualityOf(image),
    crop: crop === undefined ? null : decodeCrop(seal, crop),
    templates: templates.flatMap((row) => {
      const template = decodeTemplate(seal, row)
      return template === null ? [] : [{ modelId: row.model_id, template }]
    }),
    oldIds: imported.map(({ old_id }) => old_id),
  }
}

function qualityOf(image: ImageTable): Quality | null {
  const { size_px, sharpness, brightness, yaw, pitch, roll, quality_score } = image
  if (size_px === null || sharpness === null || brightness === null || quality_score === null) return null
  return {
    sizePx: size_px,
    sharpness,
    brightness,
    yaw: yaw ?? 0,
    pitch: pitch ?? 0,
    roll: roll ?? 0,
    score: quality_score,
  }
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}
