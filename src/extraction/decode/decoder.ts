import sharp, { type Sharp, type SharpOptions } from 'sharp'
import { isRefusal, Refusal } from '../../domain/errors.ts'
import type { Picture } from '../picture/picture.ts'
import type { DecodeLimits } from './limits.ts'
import { readPlainJpeg } from './plain-jpeg.ts'
import { readBmp } from './read-bmp.ts'
import { sniffFormat } from './sniff-format.ts'

export interface DecodedPhoto {
  /** Upright, reduced to the working size. */
  readonly picture: Picture
  /** The upright original, in pixels. */
  readonly width: number
  readonly height: number
}

export interface Decoder {
  /**
   * The photo upright, in 8-bit sRGB, on white where it is transparent; the first frame where there are several.
   * @throws Refusal `image-unsupported`, `image-too-large`, `image-unreadable`
   */
  decode(photo: Uint8Array): Promise<DecodedPhoto>
  /** A JPEG of the picture. */
  encode(picture: Picture): Promise<Uint8Array>
}

/**
 * Most pixels that are worked on (those of 1600 × 1200). A face of a tenth of such a photo still has the 150 pixels
 * that the recognisers use, and a 12-megapixel JPEG is decoded at half its size, which saves two thirds of the time.
 */
export const WORKING_PIXELS_MAX = 1_920_000

/**
 * Most pixels of formats that are decoded as a whole (AVIF, GIF, TIFF, interlaced PNG): an AVIF of 49 megapixels and
 * 1,461 bytes took 1 GB of memory. A phone's photo of 12 megapixels is within.
 */
const WHOLE_FRAME_PIXELS_MAX = 16_000_000

/** High enough that the template of a crop stays that of its photo. */
const CROP_JPEG_QUALITY = 92

const LOADERS = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff'].map((format) => `VipsForeignLoad${format}Buffer`)

/** Sets the image library up for the whole process: one thread a photo, nothing cached, no other loader than these. */
export function createDecoder(limits: DecodeLimits): Decoder {
  sharp.concurrency(1)
  sharp.cache(false)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: LOADERS })
  return {
    decode: (photo) => decode(photo, limits),
    async encode({ pixels, width, height }) {
      const image = sharp(pixels, { raw: { width, height, channels: 3 } })
      return new Uint8Array(await image.jpeg({ quality: CROP_JPEG_QUALITY, chromaSubsampling: '4:4:4' }).toBuffer())
    },
  }
}

async function decode(photo: Uint8Array, limits: DecodeLimits): Promise<DecodedPhoto> {
  if (photo.length === 0) throw new Refusal('image-unreadable', { reason: 'the file is empty' })
  if (photo.length > limits.bytesMax)
    throw new Refusal('image-too-large', { bytes: photo.length, bytesMax: limits.bytesMax })
  const format = sniffFormat(photo)
  if (format === null) throw new Refusal('image-unsupported', { supported: SUPPORTED })
  if (format === 'bmp') {
    const { pixels, width, height } = readBmp(photo, limits.pixelsMax)
    return render(sharp(pixels, { raw: { width, height, channels: 3 } }), width, height, limits)
  }
  if (format === 'jpeg') {
    const picture = readPlainJpeg(photo, Math.min(limits.pixelsMax, WORKING_PIXELS_MAX))
    if (picture !== null) return { picture, width: picture.width, height: picture.height }
  }
  // ICC profiles are ignored: they cost more than the recognisers gain by them, and are a way to smuggle in work.
  // Truncated and broken pixel data is refused; mere warnings are not, as many cameras' files have them.
  const options: SharpOptions = { limitInputPixels: limits.pixelsMax, failOn: 'error', ignoreIcc: true }
  const small = await decodeSmall(photo, options, limits)
  if (small !== null) return small
  const { autoOrient, isProgressive } = await readable(sharp(photo, options).metadata(), limits)
  const { width, height } = autoOrient
  const piecemeal = format === 'jpeg' || format === 'webp' || (format === 'png' && !isProgressive)
  const pixelsMax = piecemeal ? limits.pixelsMax : Math.min(limits.pixelsMax, WHOLE_FRAME_PIXELS_MAX)
  if (width * height > pixelsMax) throw new Refusal('image-too-large', { pixels: width * height, pixelsMax })
  // Row by row saves memory where a photo is large, and costs time where it is not.
  const sequentialRead = width * height > WORKING_PIXELS_MAX
  return render(sharp(photo, { ...options, sequentialRead }).autoOrient(), width, height, limits)
}

/** Most photos need not be measured first; null for those larger than the working size, of which nothing was decoded. */
async function decodeSmall(
  photo: Uint8Array,
  options: SharpOptions,
  limits: DecodeLimits,
): Promise<DecodedPhoto | null> {
  const limitInputPixels = Math.min(limits.pixelsMax, WORKING_PIXELS_MAX)
  const image = sharp(photo, { ...options, limitInputPixels }).autoOrient()
  const picture = await readable(
    rendered(image, limits).catch((error: unknown) => {
      if (exceedsPixelLimit(error)) return null
      throw error
    }),
    limits,
  )
  return picture === null ? null : { picture, width: picture.width, height: picture.height }
}

const SUPPORTED = ['JPEG', 'PNG', 'WebP', 'AVIF', 'GIF', 'TIFF', 'BMP']

async function render(image: Sharp, width: number, height: number, limits: DecodeLimits): Promise<DecodedPhoto> {
  const picture = await readable(rendered(image.resize({ ...workingSize(width, height), fit: 'fill' }), limits), limits)
  return { picture, width, height }
}

async function rendered(image: Sharp, { secondsMax }: DecodeLimits): Promise<Picture> {
  const { data, info } = await image
    .timeout({ seconds: secondsMax })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Refusal('image-unsupported', { found: `${info.channels} colour channels` })
  return { pixels: data, width: info.width, height: info.height }
}

function workingSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, Math.sqrt(WORKING_PIXELS_MAX / (width * height)))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** What the library says of a file is for us, not for whoever sent it, except for the limits it ran into. */
async function readable<T>(result: Promise<T>, limits: DecodeLimits): Promise<T> {
  try {
    return await result
  } catch (error) {
    if (isRefusal(error)) throw error
    const message = error instanceof Error ? error.message : ''
    if (exceedsPixelLimit(error))
      throw new Refusal('image-too-large', { pixelsMax: limits.pixelsMax }, { cause: error })
    if (message.includes('timeout'))
      throw new Refusal('image-too-large', { secondsMax: limits.secondsMax }, { cause: error })
    throw new Refusal('image-unreadable', {}, { cause: error })
  }
}

function exceedsPixelLimit(error: unknown): boolean {
  return error instanceof Error && error.message.includes('exceeds pixel limit')
}
