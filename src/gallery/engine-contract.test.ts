import { describe, expect, it } from 'vitest'
import { MemoryLog } from '../../test/gallery/memory-log.ts'
import { near, randomUnit, seededRandom } from '../../test/gallery/vectors.ts'
import { cosine } from '../domain/template.ts'
import type { GalleryEngine } from './engine.ts'
import { ExactEngine } from './exact-engine.ts'
import { compileKernel } from './kernel/kernel.ts'
import { ScanEngine } from './scan-engine.ts'

const kernel = compileKernel(new URL('../../dist/gallery/kernel/', import.meta.url))

const DIMENSION = 128

const ENGINES: readonly { name: string; create: (dimension: number) => Promise<GalleryEngine> }[] = [
  { name: 'ScanEngine', create: async (dimension) => new ScanEngine(dimension) },
  {
    name: 'ExactEngine',
    create: async (dimension) => {
      if (kernel === null) throw new Error('this runtime has no WebAssembly SIMD')
      return new ExactEngine({ dimension, kernel })
    },
  },
  {
    name: 'ExactEngine with threads',
    create: async (dimension) => {
      if (kernel === null) throw new Error('this runtime has no WebAssembly SIMD')
      const worker = new URL('../../dist/gallery/search-worker.js', import.meta.url)
      return new ExactEngine({ dimension, kernel, threads: { count: 1, worker }, inlineValuesMax: 0 })
    },
  },
]

describe.each(ENGINES)('$name as a gallery engine', ({ create }) => {
  const random = seededRandom(1)
  const [anna, binh, chi] = [
    randomUnit(DIMENSION, random),
    randomUnit(DIMENSION, random),
    randomUnit(DIMENSION, random),
  ]

  async function withEngine(use: (engine: GalleryEngine) => Promise<void>): Promise<void> {
    const engine = await create(DIMENSION)
    try {
      await use(engine)
    } finally {
      await engine.close()
    }
  }

  it('finds what was put, with its cosine, best first', () =>
    withEngine(async (engine) => {
      engine.apply({ revision: 1, kind: 'put', imageId: 10, classId: 1, template: anna })
      engine.apply({ revision: 2, kind: 'put', imageId: 20, classId: 2, template: binh })
      const probe = near(binh, 0.7, random)
      const found = await engine.search(probe, { limit: 5, by: 'person' })
      expect(found.map(({ imageId, classId }) => [imageId, classId])).toEqual([
        [20, 2],
        [10, 1],
      ])
      expect(found[0]?.score).toBeCloseTo(cosine(probe, binh), 6)
    }))

  it('answers nothing from an empty gallery', () =>
    withEngine(async (engine) => {
      expect(await engine.search(anna, { limit: 5, by: 'person' })).toEqual([])
      expect(engine.status()).toMatchObject({ templates: 0, people: 0, revision: 0, dimension: DIMENSION })
    }))

  it('gives the best image of each person, or images on their own', () =>
    withEngine(async (engine) => {
      const images = [near(anna, 0.9, random), near(anna, 0.8, random), near(anna, 0.95, random)]
      images.forEach((template, i) => {
        engine.apply({ revision: i + 1, kind: 'put', imageId: i + 1, classId: 7, template })
      })
      engine.apply({ revision: 4, kind: 'put', imageId: 4, classId: 8, template: binh })
      const people = await engine.search(anna, { limit: 5, by: 'person' })
      expect(people.map((candidate) => candidate.imageId)).toEqual([3, 4])
      const byImage = await engine.search(anna, { limit: 3, by: 'image' })
      expect(byImage.map((candidate) => candidate.imageId)).toEqual([3, 1, 2])
    }))

  it('breaks ties by image id, between people and within one', () =>
    withEngine(async (engine) => {
      for (const [i, imageId] of [9, 3, 7, 5].entries()) {
        engine.apply({ revision: i + 1, kind: 'put', imageId, classId: imageId > 6 ? 1 : 2, template: anna })
      }
      const people = await engine.search(anna, { limit: 5, by: 'person' })
      expect(people.map((candidate) => candidate.imageId)).toEqual([3, 7])
      const images = await engine.search(anna, { limit: 3, by: 'image' })
      expect(images.map((candidate) => candidate.imageId)).toEqual([3, 5, 7])
    }))

  it('searches among the people given only, also when they are few and far down', () =>
    withEngine(async (engine) => {
      for (let i = 1; i <= 300; i++) engine.put({ imageId: i, classId: i, template: near(anna, 0.9, random) })
      engine.put({ imageId: 301, classId: 301, template: chi })
      const found = await engine.search(anna, { limit: 5, by: 'person', among: new Set([301, 999]) })
      expect(found.map((candidate) => candidate.imageId)).toEqual([301])
      expect(await engine.search(anna, { limit: 5, by: 'person', among: new Set() })).toEqual([])
    }))

  it('cuts off at a score', () =>
    withEngine(async (engine) => {
      engine.put({ imageId: 1, classId: 1, template: anna })
      engine.put({ imageId: 2, classId: 2, template: binh })
      const found = await engine.search(anna, { limit: 5, by: 'person', scoreAbove: 0.5 })
      expect(found.map((candidate) => candidate.imageId)).toEqual([1])
      const self = cosine(anna, anna)
      expect(await engine.search(anna, { limit: 5, by: 'person', scoreAbove: self })).toEqual([])
    }))

  it('forgets a removed image, a removed person and everything at once', () =>
    withEngine(async (engine) => {
      engine.apply({ revision: 1, kind: 'put', imageId: 1, classId: 1, template: anna })
      engine.apply({ revision: 2, kind: 'put', imageId: 2, classId: 1, template: binh })
      engine.apply({ revision: 3, kind: 'put', imageId: 3, classId: 2, template: chi })
      engine.apply({ revision: 4, kind: 'remove', imageId: 1 })
      expect((await engine.search(anna, { limit: 9, by: 'image' })).map((c) => c.imageId).sort()).toEqual([2, 3])
      engine.apply({ revision: 5, kind: 'remove-person', classId: 1 })
      expect((await engine.search(anna, { limit: 9, by: 'image' })).map((c) => c.imageId)).toEqual([3])
      engine.apply({ revision: 6, kind: 'clear' })
      expect(await engine.search(anna, { limit: 9, by: 'image' })).toEqual([])
      expect(engine.status()).toMatchObject({ templates: 0, people: 0, revision: 6, minValue: 0, maxValue: 0 })
    }))

  it('replaces a template and moves an image to another person', () =>
    withEngine(async (engine) => {
      engine.apply({ revision: 1, kind: 'put', imageId: 1, classId: 1, template: anna })
      engine.apply({ revision: 2, kind: 'put', imageId: 1, classId: 2, template: binh })
      const found = await engine.search(binh, { limit: 9, by: 'person' })
      expect(found).toHaveLength(1)
      expect(found[0]).toMatchObject({ imageId: 1, classId: 2 })
      engine.apply({ revision: 3, kind: 'remove-person', classId: 1 })
      expect(engine.status()).toMatchObject({ templates: 1, people: 1 })
    }))

  it('applies a change once, however often it is delivered', () =>
    withEngine(async (engine) => {
      engine.apply({ revision: 1, kind: 'put', imageId: 1, classId: 1, template: anna })
      engine.apply({ revision: 2, kind: 'remove', imageId: 1 })
      engine.apply({ revision: 1, kind: 'put', imageId: 1, classId: 1, template: anna })
      engine.apply({ revision: 2, kind: 'clear' })
      engine.apply({ revision: 3, kind: 'none' })
      expect(engine.revision).toBe(3)
      expect(await engine.search(anna, { limit: 5, by: 'person' })).toEqual([])
    }))

  it('replays changes over a content that already holds them', () =>
    withEngine(async (engine) => {
      engine.put({ imageId: 1, classId: 1, template: binh })
      engine.put({ imageId: 2, classId: 2, template: chi })
      engine.resumeAt(5)
      engine.apply({ revision: 6, kind: 'put', imageId: 1, classId: 1, template: binh })
      engine.apply({ revision: 7, kind: 'remove', imageId: 3 })
      engine.apply({ revision: 8, kind: 'remove-person', classId: 4 })
      expect(engine.status()).toMatchObject({ templates: 2, people: 2, revision: 8 })
    }))

  it.each([1, 2, 3, 4])('is killed, filled anew and told again what it may have missed (seed %i)', (seed) =>
    withEngine(async (engine) => {
      const log = new MemoryLog()
      const seeded = seededRandom(seed)
      for (let i = 0; i < 400; i++) {
        const [imageId, classId] = [1 + Math.floor(seeded() * 150), 1 + Math.floor(seeded() * 30)]
        const kind = seeded()
        if (kind < 0.8) log.put(imageId, classId, near(anna, 0.6, seeded))
        else if (kind < 0.97) log.remove(imageId)
        else if (kind < 0.995) log.removePerson(classId)
        else log.clear()
      }
      const newest = await log.revision()
      const survived = 1 + Math.floor(seeded() * newest)
      // Killed at some revision: what another process fills from the records is newer than where it begins to follow.
      for await (const page of log.templates('model', 50)) for (const entry of page) engine.put(entry)
      engine.resumeAt(survived)
      for (const from of [survived, Math.max(0, survived - 40), 0])
        for (const change of await log.changesAfter(from, 'model', newest)) engine.apply(change)
      expect(engine.revision).toBe(newest)
      const oracle = new ScanEngine(DIMENSION)
      for (const entry of log.rows.values()) oracle.put(entry)
      const probe = near(anna, 0.7, seeded)
      for (const by of ['person', 'image'] as const)
        expect(await engine.search(probe, { limit: 200, by })).toEqual(await oracle.search(probe, { limit: 200, by }))
    }),
  )

  it.each([
    ['zero', 'is zero', new Float32Array(DIMENSION)],
    ['NaN', 'has a value that is NaN', new Float32Array(DIMENSION).fill(Number.NaN)],
    ['infinite', 'has a value that is infinite', new Float32Array(DIMENSION).fill(Number.POSITIVE_INFINITY)],
    [
      'not of unit norm',
      'has the norm 1.010, not 1',
      randomUnit(DIMENSION, seededRandom(2)).map((value) => value * 1.01),
    ],
    ['of another dimension', 'has 64 values, not 128', randomUnit(DIMENSION / 2, seededRandom(3))],
  ])('refuses a template and a probe that is %s, says so, and stays as it was', (_which, reason, template) =>
    withEngine(async (engine) => {
      const put = { revision: 1, kind: 'put', imageId: 1, classId: 1, template } as const
      const refusal = expect.objectContaining({ code: 'template-invalid', details: { reason } })
      expect(() => engine.apply(put)).toThrow(refusal)
      expect(() => engine.put(put)).toThrow(refusal)
      await expect(engine.search(template, { limit: 1, by: 'person' })).rejects.toEqual(refusal)
      expect(engine.status()).toMatchObject({ templates: 0, revision: 0 })
    }),
  )

  it('carries the largest ids', () =>
    withEngine(async (engine) => {
      const largest = { imageId: Number.MAX_SAFE_INTEGER, classId: 2 ** 31 - 1 }
      engine.put({ ...largest, template: anna })
      engine.put({ imageId: 2 ** 32 + 1, classId: 2, template: anna })
      const found = await engine.search(anna, { limit: 2, by: 'person' })
      expect(found.map((c) => c.imageId)).toEqual([2 ** 32 + 1, Number.MAX_SAFE_INTEGER])
      expect(found[1]?.classId).toBe(largest.classId)
    }))

  it('gives entries back bit for bit and does not keep the caller’s array', () =>
    withEngine(async (engine) => {
      const template = anna.slice()
      engine.put({ imageId: 4, classId: 2, template })
      template.fill(0)
      expect(engine.entry(4)).toEqual({ imageId: 4, classId: 2, template: anna })
      expect(engine.entry(5)).toBeNull()
      expect([...engine.imageIds()]).toEqual([4])
      engine.remove(4)
      expect(engine.entry(4)).toBeNull()
    }))

  it('tells its size and the range of its values', () =>
    withEngine(async (engine) => {
      engine.put({ imageId: 1, classId: 1, template: anna })
      engine.put({ imageId: 2, classId: 1, template: binh })
      const { templates, people, minValue, maxValue, nanTemplates } = engine.status()
      expect({ templates, people, nanTemplates }).toEqual({ templates: 2, people: 1, nanTemplates: 0 })
      expect(minValue).toBe(Math.min(...anna, ...binh))
      expect(maxValue).toBe(Math.max(...anna, ...binh))
    }))
})
