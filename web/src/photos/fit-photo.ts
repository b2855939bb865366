/** Bytes above which a photo is made smaller before it is sent; a server takes 10 MiB unless it is set otherwise. */
const BYTES_MAX = 9_500_000
/** Longer side of a photo that was made smaller, pixels: faces of 3 % of it are found still. */
const SIDE_MAX = 4096
const JPEG_QUALITY = 0.92

/** The photo itself, or a smaller one of the same sight where it would be refused for its size. */
export async function fitPhoto(photo: Blob): Promise<Blob> {
  if (photo.size <= BYTES_MAX) return photo
  const bitmap = await createImageBitmap(photo, { imageOrientation: 'from-image' }).catch(() => null)
  // What the browser can't read the server may, or will say so.
  if (bitmap === null) return photo
  try {
    const scale = Math.min(1, SIDE_MAX / Math.max(bitmap.width, bitmap.height))
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale))
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY })
  } finally {
    bitmap.close()
  }
}
