import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { Refusal, type RefusalCode } from '../../domain/errors.ts'
import type { Picture } from '../picture/picture.ts'
import { createDecoder, WORKING_PIXELS_MAX } from './decoder.ts'

const LIMITS = { bytesMax: 4 * 1024 * 1024, pixelsMax: 12_000_000, secondsMax: 4 }
const decoder = createDecoder(LIMITS)

type Colour = readonly [number, number, number]
const RED: Colour = [220, 40, 40]
const GREEN: Colour = [40, 200, 40]
const BLUE: Colour = [40, 40, 220]
const GREY: Colour = [128, 128, 128]
/** Clockwise from the top left. */
const QUARTERS = [RED, GREEN, GREY, BLUE] as const

/** 96 × 64, each quarter in its own colour, so that every turn and mirroring shows. */
function quarters(channels: 3 | 4 = 3, alpha = 255): Sharp {
  const [width, height] = [96, 64]
  const pixels = new Uint8Array(width * height * channels)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [left, upper] = [x < width / 2, y < height / 2]
      const colour = upper ? (left ? RED : GREEN) : left ? BLUE : GREY
      const values = [...colour, alpha]
      for (let c = 0; c < channels; c++) pixels[(y * width + x) * channels + c] = values[c] ?? 0
    }
  return sharp(pixels, { raw: { width, height, channels } })
}

function colourAt({ pixels, width, height }: Picture, right: number, down: number): number[] {
  const at = (Math.floor(height * down) * width + Math.floor(width * right)) * 3
  return [...pixels.subarray(at, at + 3)]
}

function expectQuarters(picture: Picture, expected: readonly Colour[], tolerance: number): void {
  const seen = [
    colourAt(picture, 0.25, 0.25),
    colourAt(picture, 0.75, 0.25),
    colourAt(picture, 0.75, 0.75),
    colourAt(picture, 0.25, 0.75),
  ]
  seen.forEach((colour, quarter) => {
    colour.forEach((value, channel) => {
      const wanted = expected[quarter]?.[channel] ?? Number.NaN
      expect(Math.abs(value - wanted), `quarter ${quarter}, channel ${channel}: ${value}`).toBeLessThanOrEqual(
        tolerance,
      )
    })
  })
}

async function refusalOf(photo: Uint8Array, using = decoder): Promise<RefusalCode> {
  try {
    await using.decode(photo)
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  throw new Error('It was decoded')
}

describe('the decoder', () => {
  const kinds: [string, () => Promise<Buffer>, number][] = [
    ['JPEG', () => quarters().jpeg({ quality: 95 }).toBuffer(), 6],
    ['progressive JPEG', () => quarters().jpeg({ quality: 95, progressive: true }).toBuffer(), 6],
    ['JPEG with full chroma', () => quarters().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(), 6],
    ['CMYK JPEG', () => quarters().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 100],
    ['PNG', () => quarters().png().toBuffer(), 0],
    ['interlaced PNG', () => quarters().png({ progressive: true }).toBuffer(), 0],
    ['palette PNG', () => quarters().png({ palette: true }).toBuffer(), 4],
    ['16-bit PNG', () => quarters().toColourspace('rgb16').png().toBuffer(), 1],
    ['opaque PNG with alpha', () => quarters(4).png().toBuffer(), 0],
    ['WebP', () => quarters().webp({ quality: 95 }).toBuffer(), 12],
    ['lossless WebP', () => quarters().webp({ lossless: true }).toBuffer(), 0],
    ['AVIF', () => quarters().avif({ quality: 80 }).toBuffer(), 12],
    ['GIF', () => quarters().gif().toBuffer(), 4],
    ['TIFF', () => quarters().tiff({ compression: 'lzw' }).toBuffer(), 0],
    ['16-bit TIFF', () => quarters().toColourspace('rgb16').tiff().toBuffer(), 1],
  ]
  it.each(kinds)('reads %s', async (_kind, encode, tolerance) => {
    const { picture, width, height } = await decoder.decode(await encode())
    expect([width, height, picture.width, picture.height, picture.pixels.length]).toEqual([96, 64, 96, 64, 96 * 64 * 3])
    expectQuarters(picture, QUARTERS, tolerance)
  })

  it.each(['jpeg', 'png', 'tiff'] as const)('reads grey %s as three equal channels', async (format) => {
    const { picture } = await decoder.decode(await quarters().greyscale().toFormat(format).toBuffer())
    for (const right of [0.25, 0.75]) {
      const [red, green, blue] = colourAt(picture, right, 0.25)
      expect([green, blue]).toEqual([red, red])
    }
  })

  it('puts what is transparent on white', async () => {
    const { picture } = await decoder.decode(await quarters(4, 0).png().toBuffer())
    expectQuarters(
      picture,
      [1, 2, 3, 4].map((): Colour => [255, 255, 255]),
      0,
    )
  })

  /** EXIF 2.3, tag 0x0112: what stands where once the photo is upright, clockwise from the top left. */
  const turned: [number, readonly Colour[]][] = [
    [1, [RED, GREEN, GREY, BLUE]],
    [2, [GREEN, RED, BLUE, GREY]],
    [3, [GREY, BLUE, RED, GREEN]],
    [4, [BLUE, GREY, GREEN, RED]],
    [5, [RED, BLUE, GREY, GREEN]],
    [6, [BLUE, RED, GREEN, GREY]],
    [7, [GREY, GREEN, RED, BLUE]],
    [8, [GREEN, GREY, BLUE, RED]],
  ]
  it.each(turned)('turns a photo of EXIF orientation %i upright', async (orientation, expected) => {
    const photo = await quarters().withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer()
    const { picture, width, height } = await decoder.decode(photo)
    expect([width, height]).toEqual(orientation < 5 ? [96, 64] : [64, 96])
    expect([picture.width, picture.height]).toEqual([width, height])
    expectQuarters(picture, expected, 6)
  })

  it('takes the first frame of an animation', async () => {
    const frames = await Promise.all([quarters(), quarters().negate()].map((frame) => frame.png().toBuffer()))
    const raw = await Promise.all(frames.map((frame) => sharp(frame).removeAlpha().raw().toBuffer()))
    const animation = sharp(Buffer.concat(raw), { raw: { width: 96, height: 128, channels: 3, pageHeight: 64 } })
    for (const photo of [
      await animation.clone().gif().toBuffer(),
      await animation.clone().webp({ lossless: true }).toBuffer(),
    ]) {
      const { picture, height } = await decoder.decode(photo)
      expect(height).toBe(64)
      expectQuarters(picture, QUARTERS, 4)
    }
  })

  it('works on a large photo at a smaller size of the same shape', async () => {
    const photo = await quarters().resize(3000, 2000, { kernel: 'nearest' }).jpeg().toBuffer()
    const { picture, width, height } = await decoder.decode(photo)
    expect([width, height]).toEqual([3000, 2000])
    expect(picture.width * picture.height).toBeLessThanOrEqual(WORKING_PIXELS_MAX * 1.01)
    expect(picture.width / picture.height).toBeCloseTo(1.5, 2)
    expectQuarters(picture, QUARTERS, 8)
  })

  it('survives a photo of one pixel and one of one row', async () => {
    for (const [width, height] of [
      [1, 1],
      [8000, 1],
    ] as const) {
      const photo = await quarters().resize(width, height, { fit: 'fill' }).png().toBuffer()
      expect(await decoder.decode(photo)).toMatchObject({ width, height })
    }
  })

  it('goes by the content alone and opens nothing else', async () => {
    const text = (content: string) => new TextEncoder().encode(content)
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    const foreign = [
      text(svg),
      text(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${svg}`),
      text('%PDF-1.7\n%âãÏÓ\n'),
      text('<!doctype html><title>photo</title>'),
      text('PK\u0003\u0004photo.jpg'),
      text('GIF88a not really'),
      new Uint8Array([0, 0, 0, 24, ...text('ftypheic'), 0, 0, 0, 0, ...text('mif1heic')]),
      new Uint8Array([0xff, 0x4f, 0xff, 0x51, 0, 41]),
      new Uint8Array([0]),
    ]
    for (const photo of foreign) expect(await refusalOf(photo)).toBe('image-unsupported')
  })

  it('does not let the image library think otherwise of the format', async () => {
    const webp = new TextEncoder().encode(`RIFF    WEBP${'<svg xmlns="http://www.w3.org/2000/svg"/>'}`)
    expect(await refusalOf(webp)).toBe('image-unreadable')
  })

  it('refuses files that are empty, cut off or broken', async () => {
    const jpeg = await quarters().resize(600, 400).jpeg().toBuffer()
    const png = await quarters().resize(600, 400).png().toBuffer()
    const broken = new Uint8Array(png)
    broken.fill(0x55, Math.floor(png.length / 2), Math.floor(png.length / 2) + 40)
    const photos = [new Uint8Array(0), broken, ...[jpeg, png].map((whole) => whole.subarray(0, whole.length * 0.6))]
    for (const photo of photos) expect(await refusalOf(photo)).toBe('image-unreadable')
  })

  it('refuses what is larger than the limits before it decodes', async () => {
    const photo = await quarters().png().toBuffer()
    const [bytes, pixels] = [photo.length, 96 * 64]
    const within = createDecoder({ bytesMax: bytes, pixelsMax: pixels, secondsMax: 4 })
    expect(await within.decode(photo)).toMatchObject({ width: 96 })
    for (const limits of [
      { ...LIMITS, bytesMax: bytes - 1 },
      { ...LIMITS, pixelsMax: pixels - 1 },
    ])
      expect(await refusalOf(photo, createDecoder(limits))).toBe('image-too-large')
  })

  it('takes fewer pixels of formats that fill the memory', async () => {
    const generous = createDecoder({ ...LIMITS, pixelsMax: 50_000_000 })
    const large = quarters().resize(4800, 3600, { kernel: 'nearest' })
    const photo = await large.clone().png({ compressionLevel: 1 }).toBuffer()
    expect(await generous.decode(photo)).toMatchObject({ width: 4800, height: 3600 })
    for (const whole of [
      await large.clone().png({ compressionLevel: 1, progressive: true }).toBuffer(),
      await large.clone().tiff({ compression: 'lzw' }).toBuffer(),
    ])
      expect(await refusalOf(whole, generous)).toBe('image-too-large')
  })

  it('writes crops that it can read', async () => {
    const { picture } = await decoder.decode(await quarters().png().toBuffer())
    const crop = await decoder.encode(picture)
    expectQuarters((await decoder.decode(crop)).picture, QUARTERS, 6)
  })
})
