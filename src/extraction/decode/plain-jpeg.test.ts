import fc from 'fast-check'
import sharp, { type JpegOptions, type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { readPlainJpeg } from './plain-jpeg.ts'

const PIXELS_MAX = 40_000
/** Inverse transforms and colour conversions round differently from one decoder to the other. */
const CHANNEL_DIFFERENCE_MAX = 24
const CHANNEL_DIFFERENCE_MEAN_MAX = 1

/** Waves of any length and direction in each channel. */
function waves(width: number, height: number, seed: number): Sharp {
  const pixels = new Uint8Array(width * height * 3)
  for (let i = 0; i < pixels.length; i++) {
    const [x, y, channel] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3]
    pixels[i] = 128 + 120 * Math.sin((x * (seed % 7) + y * (seed % 5)) / 23 + channel * seed)
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

const encode = (options: JpegOptions = {}, image = waves(96, 64, 11)) =>
  image.jpeg({ quality: 90, ...options }).toBuffer()

/** With so many empty comments at its beginning. */
function withComments(photo: Buffer, count: number): Buffer {
  const comments = Buffer.alloc(4 * count, Buffer.from([0xff, 0xfe, 0, 2]))
  return Buffer.concat([photo.subarray(0, 2), comments, photo.subarray(2)])
}

describe('a plain JPEG', () => {
  it('gives the pixels that the image library gives, but for rounding', async () => {
    const photos = fc.record({
      width: fc.integer({ min: 16, max: 200 }),
      height: fc.integer({ min: 16, max: 200 }),
      seed: fc.integer({ min: 1, max: 1_000 }),
      quality: fc.integer({ min: 50, max: 100 }),
      chromaSubsampling: fc.constantFrom('4:2:0', '4:4:4'),
    })
    await fc.assert(
      fc.asyncProperty(photos, async ({ width, height, seed, quality, chromaSubsampling }) => {
        const photo = await encode({ quality, chromaSubsampling }, waves(width, height, seed))
        const picture = readPlainJpeg(photo, PIXELS_MAX)
        expect([picture?.width, picture?.height]).toEqual([width, height])
        const expected = await sharp(photo).raw().toBuffer()
        const differences = [...expected].map((value, i) => Math.abs(value - (picture?.pixels[i] ?? Number.NaN)))
        expect(Math.max(...differences)).toBeLessThanOrEqual(CHANNEL_DIFFERENCE_MAX)
        const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length
        expect(mean).toBeLessThanOrEqual(CHANNEL_DIFFERENCE_MEAN_MAX)
      }),
      { numRuns: 60 },
    )
  })

  it.each<[string, () => Promise<Buffer>]>([
    ['progressive', () => encode({ progressive: true })],
    ['grey', () => encode({}, waves(96, 64, 11).toColourspace('b-w'))],
    ['in four colours', () => encode({}, waves(96, 64, 11).toColourspace('cmyk'))],
    ['turned by EXIF', () => encode({}, waves(96, 64, 11).withMetadata({ orientation: 6 }))],
    ['larger than what is worked on', () => encode({}, waves(201, 200, 11))],
    ['cut off', async () => (await encode()).subarray(0, -20)],
    ['full of segments', async () => withComments(await encode(), 100)],
    ['followed by something else', async () => Buffer.concat([await encode(), Buffer.from('more')])],
    ['no JPEG', () => waves(96, 64, 11).png().toBuffer()],
    ['empty', async () => Buffer.alloc(0)],
  ])('is none that is %s', async (_what, make) => {
    expect(readPlainJpeg(await make(), PIXELS_MAX)).toBeNull()
  })

  it('may have comments', async () => {
    const photo = await encode()
    expect(readPlainJpeg(withComments(photo, 50), PIXELS_MAX)).toEqual(readPlainJpeg(photo, PIXELS_MAX))
  })

  it('never throws for what was tampered with, and has the size that it claims', async () => {
    const photo = await encode()
    const tampering = fc.array(fc.tuple(fc.nat(photo.length - 3), fc.nat(255)), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(tampering, fc.option(fc.nat(photo.length)), (changes, length) => {
        const spoilt = Buffer.from(photo)
        for (const [at, value] of changes) spoilt[at] = value
        const picture = readPlainJpeg(length === null ? spoilt : spoilt.subarray(0, length), PIXELS_MAX)
        if (picture !== null) expect(picture.pixels).toHaveLength(picture.width * picture.height * 3)
      }),
      { numRuns: 400 },
    )
  })
})
