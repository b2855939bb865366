import { createHash } from 'node:crypto'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type DefaultPack,
  extractOne,
  mainFace,
  openDefaultPack,
  samplePhoto as sample,
  templateOf,
  wish,
} from '../../test/extraction/default-pack.ts'
import { cosine } from '../domain/template.ts'
import { extractFaces } from './extract-faces.ts'
import { createExtractorPool } from './pool/extractor-pool.ts'
import type { ExtractionSetup, Stages } from './stages.ts'

const WORKER_URL = new URL('../../dist/extraction/pool/worker.js', import.meta.url)

let pack: DefaultPack
let setup: ExtractionSetup
let stages: Stages

beforeAll(async () => {
  pack = await openDefaultPack()
  setup = pack.setup
  stages = pack.stages
})

afterAll(() => pack?.close())

describe('extractFaces with the default pack', () => {
  it.each([
    [1, 3],
    [2, 3],
    [3, 3],
    [4, 4],
    [5, 5],
    [6, 4],
  ])('finds everybody in sample %i', async (number, people) => {
    const { faces, width, height } = await extractOne(sample(number), wish('detect'), stages)
    expect(faces).toHaveLength(people)
    for (const { box, landmarks, quality, template, crop } of faces) {
      expect([template, crop]).toEqual([null, null])
      const [leftEye, rightEye, nose, leftMouth, rightMouth] = landmarks
      expect(leftEye[0]).toBeLessThan(rightEye[0])
      expect(leftMouth[0]).toBeLessThan(rightMouth[0])
      expect(nose[1]).toBeGreaterThan(Math.min(leftEye[1], rightEye[1]))
      for (const [x, y] of landmarks) {
        expect(Math.abs(x - box.x - box.width / 2)).toBeLessThan(box.width)
        expect(Math.abs(y - box.y - box.height / 2)).toBeLessThan(box.height)
        expect(x > 0 && y > 0 && x < width && y < height).toBe(true)
      }
      expect(quality.score).toBeGreaterThan(0)
      expect(quality.sizePx).toBeCloseTo(Math.min(box.width, box.height), 6)
    }
    const areas = faces.map(({ box }) => box.width * box.height)
    expect(areas).toEqual([...areas].sort((a, b) => b - a))
  })

  it('embeds unit vectors: of all faces up to the limit, or of the main face', async () => {
    const all = await extractOne(sample(5), wish('reference'), stages)
    const embedded = all.faces.filter(({ template }) => template !== null)
    expect(embedded.length).toBe(all.mainFace < 3 ? 3 : 4)
    for (const { template } of embedded) expect(Math.hypot(...(template ?? []))).toBeCloseTo(1, 5)
    const main = await extractOne(sample(5), wish('reference', { embed: 'main' }), stages)
    expect(main.faces.map(({ template }) => template !== null)).toEqual(
      main.faces.map((_, index) => index === main.mainFace),
    )
    expect(templateOf(main)).toEqual(templateOf(all))
    expect(all.photoSha256).toBe(createHash('sha256').update(sample(5)).digest('hex'))
    expect((await extractOne(sample(5), wish('probe'), stages)).photoSha256).toBeNull()
  })

  it('gives the same for photos together as for each alone, whatever becomes of the others', async () => {
    const photos = [sample(1), new Uint8Array([1, 2, 3]), sample(5)].map((photo) => ({ photo, wish: wish('probe') }))
    const [first, broken, last] = await extractFaces(photos, stages)
    expect(broken).toMatchObject({ status: 'rejected', reason: { code: 'image-unsupported' } })
    for (const [outcome, number] of [
      [first, 1],
      [last, 5],
    ] as const) {
      const { timings, ...together } = outcome?.status === 'fulfilled' ? outcome.value : await Promise.reject(outcome)
      const { timings: _, ...alone } = await extractOne(sample(number), wish('probe'), stages)
      expect(together).toEqual(alone)
      expect(timings.embed).toBeGreaterThan(0)
    }
  })

  it('embeds probes without their mirror image where that is wanted, references never', async () => {
    const fast = { ...stages, setup: { ...setup, mirrorProbes: false } }
    const reference = templateOf(await extractOne(sample(1), wish('reference'), stages))
    expect(templateOf(await extractOne(sample(1), wish('probe'), stages))).toEqual(reference)
    expect(templateOf(await extractOne(sample(1), wish('reference'), fast))).toEqual(reference)
    const probe = templateOf(await extractOne(sample(1), wish('probe'), fast))
    expect(probe).not.toEqual(reference)
    expect(cosine(probe, reference)).toBeGreaterThan(0.98)
  })

  it('gives boxes in pixels of the upright original, however it was stored', async () => {
    const upright = mainFace(await extractOne(sample(1), wish('detect'), stages)).box
    const sideways = await sharp(sample(1)).rotate(90).withMetadata({ orientation: 8 }).jpeg({ quality: 95 }).toBuffer()
    const larger = await sharp(sample(1)).resize(2880, 1920).jpeg({ quality: 90 }).toBuffer()
    for (const [photo, scale] of [
      [sideways, 1],
      [larger, 1.5],
    ] as const) {
      const { box } = mainFace(await extractOne(photo, wish('detect'), stages))
      for (const key of ['x', 'y', 'width', 'height'] as const)
        expect(Math.abs(box[key] / scale - upright[key])).toBeLessThan(0.1 * upright.width)
    }
  })

  it('stores crops in which the same face is found and embedded again', async () => {
    for (const number of [1, 3, 5]) {
      const photo = await extractOne(sample(number), wish('reference', { crops: true }), stages)
      for (const { crop, template } of photo.faces) {
        if (crop === null || template === null) continue
        const { width, height } = await sharp(crop).metadata()
        expect([width, height]).toEqual([width, width])
        expect(width).toBeLessThanOrEqual(320)
        const again = templateOf(await extractOne(crop, wish('reference', { embed: 'main' }), stages))
        expect(cosine(again, template)).toBeGreaterThan(0.97)
      }
    }
  })

  it('finds a face that fills the photo', async () => {
    const { faces } = await extractOne(sample(1), wish('detect'), stages)
    for (const { box } of faces) {
      const inner = {
        left: Math.round(box.x),
        top: Math.round(box.y),
        width: Math.round(box.width),
        height: Math.round(box.height),
      }
      const close = await sharp(sample(1)).extract(inner).jpeg().toBuffer()
      expect((await extractOne(close, wish('detect'), stages)).faces).toHaveLength(1)
    }
  })

  it('finds nobody where nobody is', async () => {
    const blank = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#88a' } })
      .png()
      .toBuffer()
    expect(await extractOne(blank, wish('reference'), stages)).toMatchObject({ faces: [], mainFace: -1 })
  })

  it('does the same in worker threads, several at once, and lives on after photos that mean harm', async () => {
    const extractor = await createExtractorPool({
      workerUrl: WORKER_URL,
      workers: 2,
      setup,
      queue: { photosMax: 20, bytesMax: 100_000_000, ageMsMax: 60_000 },
      photoMsMax: 60_000,
    })
    try {
      const numbers = [1, 2, 3, 4]
      const harmful = extractor.extract(new Uint8Array(sample(1).subarray(0, 30_000)), wish('probe'))
      const threaded = numbers.map((number) => extractor.extract(new Uint8Array(sample(number)), wish('probe')))
      await expect(harmful).rejects.toMatchObject({ code: 'image-unreadable' })
      for (const [index, extraction] of (await Promise.all(threaded)).entries()) {
        const { timings: _, ...here } = await extractOne(sample(numbers[index] ?? 0), wish('probe'), stages)
        expect(extraction).toMatchObject(here)
      }
    } finally {
      await extractor.close()
    }
  })

  it('says which pack could not be loaded', async () => {
    const options = { workers: 2, queue: { photosMax: 1, bytesMax: 1, ageMsMax: 1 }, photoMsMax: 1 }
    const absent = { ...setup, folder: path.join(pack.dataDir, 'absent') }
    await expect(createExtractorPool({ workerUrl: WORKER_URL, setup: absent, ...options })).rejects.toThrow(
      'The model pack default could not be loaded',
    )
  })
})
