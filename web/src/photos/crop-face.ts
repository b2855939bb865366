import type { Box } from '../api/recognition.ts'

/** Around a face on every side, as a share of its longer side: the detector wants to see hair and chin. */
const MARGIN = 0.6
const JPEG_QUALITY = 0.95

/** One face of a photo with a margin, as a JPEG; the photo's own turn (EXIF) is applied. */
export async function cropFace(photo: Blob, box: Box): Promise<Blob> {
  const bitmap = await createImageBitmap(photo, { imageOrientation: 'from-image' })
  try {
    const { left, top, width, height } = cropArea(box, bitmap)
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('this browser cannot draw')
    context.drawImage(bitmap, left, top, width, height, 0, 0, width, height)
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY })
  } finally {
    bitmap.close()
  }
}

/** The face with its margin, within the photo, in whole pixels. */
export function cropArea(box: Box, photo: { readonly width: number; readonly height: number }) {
  const margin = MARGIN * Math.max(box.width, box.height)
  const left = Math.max(0, Math.floor(box.x - margin))
  const top = Math.max(0, Math.floor(box.y - margin))
  const right = Math.min(photo.width, Math.ceil(box.x + box.width + margin))
  const bottom = Math.min(photo.height, Math.ceil(box.y + box.height + margin))
  return { left, top, width: right - left, height: bottom - top }
}
