import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FaceOrigin } from '../domain/pack.ts'
import type { PeopleRecords } from '../domain/records.ts'
import { FACES_MIN } from '../models/self-test/self-test.ts'

/** Photos to take faces from. */
export interface Photos {
  readonly origin: FaceOrigin
  readonly count: number
  readonly read: () => AsyncGenerator<Uint8Array>
}

/** More people make neither the ranges nor the verdict much better, and take longer. */
const CROPS_MAX = 200
/** Of each face that is needed, one for the ranges and one for the verdict. */
const CROPS_MIN = 2 * FACES_MIN
const PAGE_SIZE = 100
const SAMPLES = [1, 2, 3, 4, 5, 6].map((number) => `sample${number}.jpg`)

/** A crop of each of many people, spread over all of them; null where too few are kept. */
export async function enrolledCrops(people: PeopleRecords): Promise<Photos | null> {
  const first: number[] = []
  for (let page = 1; first.length === (page - 1) * PAGE_SIZE; page++) {
    const { rows } = await people.listPeople('', { page, pageSize: PAGE_SIZE })
    first.push(...rows.map(({ firstImageId }) => firstImageId ?? 0))
  }
  const images: number[] = []
  for (let at = 0; at < first.length; at += Math.max(1, first.length / CROPS_MAX)) {
    const imageId = first[Math.floor(at)] ?? 0
    if ((await people.crop(imageId)) !== null) images.push(imageId)
  }
  if (images.length < CROPS_MIN) return null
  return {
    origin: 'enrolled',
    count: images.length,
    async *read() {
      for (const imageId of images) {
        const crop = await people.crop(imageId)
        if (crop !== null) yield crop
      }
    },
  }
}

/** Groups of three to five people, which come with the models. */
export function samplePhotos(): Photos {
  const library = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'))
  return {
    origin: 'samples',
    count: SAMPLES.length,
    async *read() {
      for (const file of SAMPLES) yield new Uint8Array(await readFile(join(library, 'demo', file)))
    },
  }
}
