import { createRequire } from 'node:module'
import { join } from 'node:path'
import sharp from 'sharp'

const JPEG_QUALITY = 90

/**
 * A square JPEG of one face: a photo that is given, or the middle of a sample picture, one of three people who looks
 * into the camera, so that one look of each network is enough.
 *
 * @param side pixels
 */
export async function photoOfOneFace(side: number, given?: string): Promise<Buffer> {
  const image = given === undefined ? await middleOfSample() : sharp(given).rotate()
  return await image.resize(side, side, { fit: 'inside' }).jpeg({ quality: JPEG_QUALITY }).toBuffer()
}

async function middleOfSample() {
  const require = createRequire(import.meta.url)
  const sample = join(require.resolve('@vladmandic/face-api'), '..', '..', 'demo', 'sample2.jpg')
  const { width = 0, height = 0 } = await sharp(sample).metadata()
  const side = Math.floor(Math.min(width / 3, height))
  return sharp(sample).extract({ left: Math.floor((width - side) / 2), top: 0, width: side, height: side })
}
