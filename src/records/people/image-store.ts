import type { ValueSeal } from '../../domain/encryption.ts'
import { Refusal } from '../../domain/errors.ts'
import type { NewImage } from '../../domain/records.ts'
import { encodeCrop } from '../crop-row.ts'
import type { Queries } from '../database.ts'
import { inPieces } from '../in-pieces.ts'
import { encodeTemplate } from '../template-row.ts'
import { IMAGE_COLUMNS, type ImageRow, photoColumns } from './image-row.ts'

export type PlacedImage = NewImage & { readonly imageId: number; readonly classId: number }

/** Keeps statements under every database's limits of parameters and bytes. */
const IMAGES_PER_STATEMENT = 200
const CROPS_PER_STATEMENT = 20

export async function storeImages(
  tx: Queries,
  seal: ValueSeal | null,
  images: readonly PlacedImage[],
  nowMs: number,
): Promise<void> {
  for (const some of inPieces(images, IMAGES_PER_STATEMENT)) {
    const rows = some.map((image) => ({
      image_id: image.imageId,
      class_id: image.classId,
      label: image.label,
      ...photoColumns(image),
      created_at: nowMs,
      updated_at: nowMs,
    }))
    await tx.insertInto('image').values(rows).execute()
    const templates = some.map(({ imageId, modelId, template }) => encodeTemplate(seal, imageId, modelId, template))
    await tx.insertInto('template').values(templates).execute()
  }
  const imported = images.flatMap(({ imageId, modelId, oldId }) =>
    oldId === undefined ? [] : [{ old_id: oldId, model_id: modelId, image_id: imageId }],
  )
  for (const some of inPieces(imported, IMAGES_PER_STATEMENT))
    await tx.insertInto('imported_image').values(some).execute()
  const crops = images.flatMap(({ imageId, crop }) => (crop === null ? [] : [encodeCrop(seal, imageId, crop)]))
  for (const some of inPieces(crops, CROPS_PER_STATEMENT)) await tx.insertInto('crop').values(some).execute()
}

/** Puts another photo's template and crop in the place of the old ones, of every model: they showed the old photo. */
export async function replacePhoto(
  tx: Queries,
  seal: ValueSeal | null,
  imageId: number,
  replacement: Omit<NewImage, 'imageId' | 'label'>,
): Promise<void> {
  await tx.deleteFrom('template').where('image_id', '=', imageId).execute()
  await tx.deleteFrom('crop').where('image_id', '=', imageId).execute()
  await tx.updateTable('image').set(photoColumns(replacement)).where('image_id', '=', imageId).execute()
  await tx
    .insertInto('template')
    .values(encodeTemplate(seal, imageId, replacement.modelId, replacement.template))
    .execute()
  if (replacement.crop !== null)
    await tx
      .insertInto('crop')
      .values(encodeCrop(seal, imageId, replacement.crop))
      .execute()
}

/** @throws Refusal `image-id-taken` */
export async function refuseTakenImageIds(tx: Queries, imageIds: readonly number[]): Promise<void> {
  for (const some of inPieces(imageIds, IMAGES_PER_STATEMENT)) {
    const taken = await tx.selectFrom('image').select('image_id').where('image_id', 'in', some).executeTakeFirst()
    if (taken !== undefined) throw new Refusal('image-id-taken', { imageId: taken.image_id })
  }
}

export async function findImage(tx: Queries, imageId: number): Promise<ImageRow | undefined> {
  return await tx.selectFrom('image').select(IMAGE_COLUMNS).where('image_id', '=', imageId).executeTakeFirst()
}

export async function imagesByPhoto(
  tx: Queries,
  classId: number,
  photos: readonly string[],
): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const some of inPieces(photos, IMAGES_PER_STATEMENT)) {
    const rows = await tx
      .selectFrom('image')
      .select(['image_id', 'photo_sha256'])
      .where('class_id', '=', classId)
      .where('photo_sha256', 'in', some)
      .execute()
    for (const { image_id, photo_sha256 } of rows) if (photo_sha256 !== null) found.set(photo_sha256, image_id)
  }
  return found
}
