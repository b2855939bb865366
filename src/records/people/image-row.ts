import type { NewImage, StoredImage } from '../../domain/records.ts'
import type { ImageTable } from '../tables.ts'

export const IMAGE_COLUMNS = [
  'image.image_id',
  'image.class_id',
  'image.label',
  'image.created_at',
  'image.updated_at',
] as const

export type ImageRow = Pick<ImageTable, 'image_id' | 'class_id' | 'label' | 'created_at' | 'updated_at'>

export function readImage(row: ImageRow): StoredImage {
  return {
    imageId: row.image_id,
    classId: row.class_id,
    label: row.label,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

/** The columns that come from the photo. */
export function photoColumns({ photoSha256, quality }: Pick<NewImage, 'photoSha256' | 'quality'>) {
  return {
    photo_sha256: photoSha256,
    size_px: quality?.sizePx ?? null,
    sharpness: quality?.sharpness ?? null,
    brightness: quality?.brightness ?? null,
    yaw: quality?.yaw ?? null,
    pitch: quality?.pitch ?? null,
    roll: quality?.roll ?? null,
    quality_score: quality?.score ?? null,
  }
}
