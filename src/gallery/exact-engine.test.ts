import { describe, expect, it } from 'vitest'
import { shardBytesOf } from '../../test/gallery/shard-bytes.ts'
import { gaussian, near, normalised, randomUnit, seededRandom } from '../../test/gallery/vectors.ts'
import type { GallerySearch } from '../domain/gallery.ts'
import type { GalleryEntry } from './engine.ts'
import { ExactEngine } from './exact-engine.ts'
import { compileKernel } from './kernel/kernel.ts'
import { ScanEngine } from './scan-engine.ts'

const compiled = compileKernel(new URL('../../dist/gallery/kernel/', import.meta.url))
if (compiled === null) throw new Error('this runtime has no WebAssembly SIMD or no shared memory')
const kernel = compiled

type Kind = (index: number, dimension: number, random: () => number) => Float32Array

/** Makes galleries of one kind by seed; what it remembers is its own. */
function kinds(): Record<string, Kind> {
  const centres: Float32Array[] = []
  const made: Float32Array[] = []
  return {
    random: (_index, dimension, random) => randomUnit(dimension, random),
    'clustered around people': (index, dimension, random) => {
      const person = Math.floor(index / 5)
      centres[person] ??= randomUnit(dimension, random)
      return near(centres[person] ?? new Float32Array(), 0.775, random)
    },
    'crowded to one side': (_index, dimension, random) => {
      centres[0] ??= randomUnit(dimension, random)
      return near(centres[0], 0.91, random)
    },
    duplicated: (index, dimension, random) => {
      const earlier = index % 3 === 0 ? undefined : made[index >> 1]
      const template = earlier ?? randomUnit(dimension, random)
      made.push(template)
      return template
    },
    'near-duplicate': (index, dimension, random) => {
      centres[0] ??= randomUnit(dimension, random)
      return near(centres[0], 1 - 1e-9 * (index % 7), random)
    },
    'within the bound of each other': (_index, dimension, random) => {
      centres[0] ??= randomUnit(dimension, random)
      const other = randomUnit(dimension, random)
      return normalised((centres[0] ?? other).map((value, i) => value + 0.001 * (other[i] ?? 0)))
    },
    spiky: (index, dimension, random) => {
      const spike = new Float32Array(dimension)
      spike[index % dimension] = random() < 0.5 ? -1 : 1
      return normalised(spike.map((value) => value + 0.02 * gaussian(random)))
    },
    'with denormal and zero values': (index, dimension, random) =>
      normalised(
        randomUnit(dimension, random).map((value, i) => (i % 3 === index % 3 ? 1e-42 : i % 3 === 1 ? 0 : value)),
      ),
  }
}

interface Pair {
  readonly exact: ExactEngine
  readonly oracle: ScanEngine
}

async function withPair(dimension: number, shardBytesMax: number | undefined, use: (pair: Pair) => Promise<void>) {
  const exact = new ExactEngine({ dimension, kernel, ...(shardBytesMax === undefined ? {} : { shardBytesMax }) })
  const oracle = new ScanEngine(dimension)
  try {
    await use({ exact, oracle })
  } finally {
    await exact.close()
    await oracle.close()
  }
}

function wishes(random: () => number): GallerySearch[] {
  const limit = 1 + Math.floor(random() * 12)
  const among = new Set(Array.from({ length: 1 + Math.floor(random() * 20) }, () => 1 + Math.floor(random() * 60)))
  return [
    { limit, by: 'person' },
    { limit, by: 'image' },
    { limit, by: 'person', scoreAbove: random() },
    { limit, by: random() < 0.5 ? 'image' : 'person', among },
    { limit: 5_000, by: 'person' },
  ]
}

/** Not only the same images: the very same scores. */
async function expectSameAnswers({ exact, oracle }: Pair, probes: Float32Array[], random: () => number): Promise<void> {
  for (const probe of probes) {
    for (const wish of wishes(random)) expect(await exact.search(probe, wish)).toEqual(await oracle.search(probe, wish))
  }
}

function put({ exact, oracle }: Pair, imageId: number, classId: number, template: Float32Array): void {
  exact.put({ imageId, classId, template })
  oracle.put({ imageId, classId, template })
}

function sameEntry(a: GalleryEntry | null, b: GalleryEntry | null): boolean {
  return a?.classId === b?.classId && a !== null && a.template.every((value, i) => value === b?.template[i])
}

describe.each([128, 512, 1024])('ExactEngine at %i dimensions answers as the float32 scan does', (dimension) => {
  it.each(Object.keys(kinds()))('%s', (name) =>
    withPair(dimension, undefined, async (pair) => {
      const random = seededRandom(dimension + name.length)
      const make = kinds()[name]
      if (make === undefined) throw new Error(`no kind ${name}`)
      const templates: Float32Array[] = []
      for (let i = 0; i < 1_100; i++) {
        const template = make(i, dimension, random)
        templates.push(template)
        put(pair, 1 + ((i * 7919) % 100_003), 1 + Math.floor(i / 5), template)
      }
      const known = templates[Math.floor(random() * templates.length)] ?? new Float32Array()
      const probes = [known, near(known, 0.9, random), near(known, 0.5, random), randomUnit(dimension, random)]
      await expectSameAnswers(pair, probes, random)
    }),
  )

  it.each([0, 1, 2, 3, 5])('with %i templates', (count) =>
    withPair(dimension, undefined, async (pair) => {
      const random = seededRandom(count)
      for (let i = 1; i <= count; i++) put(pair, i, i, randomUnit(dimension, random))
      await expectSameAnswers(pair, [randomUnit(dimension, random)], random)
    }),
  )
})

describe('ExactEngine', () => {
  it.each([1, 2, 3, 4])('answers right while templates come, change and go, over several shards (seed %i)', (seed) =>
    withPair(32, shardBytesOf(32, 1, 3), async (pair) => {
      const random = seededRandom(seed)
      let revision = 0
      for (let round = 0; round < 8; round++) {
        const grows = round % 4 !== 3
        for (let i = 0; i < 1_500; i++) {
          const imageId = 1 + Math.floor(random() * 9_000)
          const classId = 1 + Math.floor(random() * 60)
          const kind = random()
          const at = { revision: ++revision }
          const change =
            kind < (grows ? 0.95 : 0.05)
              ? ({ ...at, kind: 'put', imageId, classId, template: randomUnit(32, random) } as const)
              : kind < 0.9985
                ? ({ ...at, kind: 'remove', imageId } as const)
                : ({ ...at, kind: 'remove-person', classId } as const)
          pair.exact.apply(change)
          pair.oracle.apply(change)
        }
        await expectSameAnswers(pair, [randomUnit(32, random)], random)
        const ids = [...pair.oracle.imageIds()].sort((a, b) => a - b)
        expect([...pair.exact.imageIds()].sort((a, b) => a - b)).toEqual(ids)
        const different = ids.filter((imageId) => !sameEntry(pair.exact.entry(imageId), pair.oracle.entry(imageId)))
        expect(different).toEqual([])
        const { templates, people, minValue, maxValue } = pair.oracle.status()
        expect(pair.exact.status()).toMatchObject({ templates, people, minValue, maxValue })
      }
    }),
  )

  it('recodes to the mean of a gallery that lies to one side, while it is searched and changed', () =>
    withPair(64, undefined, async (pair) => {
      const random = seededRandom(3)
      const centre = randomUnit(64, random)
      for (let i = 1; i <= 9_000; i++) put(pair, i, 1 + (i % 700), near(centre, 0.91, random))
      const { recoding } = pair.exact.content
      const norm = () => Math.sqrt(recoding.mean.reduce((sum, value) => sum + value * value, 0))
      let turns = 0
      while (norm() < 0.8 || recoding.isRunning) {
        await new Promise((resolve) => setTimeout(resolve, 1))
        if (turns++ % 5 !== 0) continue
        put(pair, 1 + Math.floor(random() * 12_000), 1 + Math.floor(random() * 700), near(centre, 0.91, random))
        const removed = 1 + Math.floor(random() * 12_000)
        pair.exact.remove(removed)
        pair.oracle.remove(removed)
        const probe = near(centre, 0.91, random)
        const wish = { limit: 5, by: 'person' } as const
        expect(await pair.exact.search(probe, wish)).toEqual(await pair.oracle.search(probe, wish))
      }
      await expectSameAnswers(pair, [near(centre, 0.91, random)], random)
    }))

  it('gives its memory back when it is cleared', () =>
    withPair(512, undefined, async ({ exact }) => {
      const random = seededRandom(1)
      for (let i = 1; i <= 2_000; i++) exact.put({ imageId: i, classId: i, template: randomUnit(512, random) })
      expect(exact.status().memoryBytes).toBeGreaterThan(2_000 * 2_600)
      exact.apply({ revision: 1, kind: 'clear' })
      expect(exact.status().memoryBytes).toBe(0)
    }))

  it('leaves the memory of what was cleared to the system, also where threads have searched it', async () => {
    const worker = new URL('../../dist/gallery/search-worker.js', import.meta.url)
    const engine = new ExactEngine({ dimension: 512, kernel, threads: { count: 2, worker }, inlineValuesMax: 0 })
    const template = randomUnit(512, seededRandom(1))
    for (let i = 1; i <= 30_000; i++) engine.put({ imageId: i, classId: i, template })
    const search = () => engine.search(template, { limit: 5, by: 'person' })
    await Promise.all([search(), search()])
    const running = search()
    const full = process.memoryUsage.rss()
    const held = engine.status().memoryBytes
    engine.apply({ revision: 1, kind: 'clear' })
    expect(await running).toHaveLength(5)
    await expect.poll(() => full - process.memoryUsage.rss(), { timeout: 60_000 }).toBeGreaterThan(held / 2)
    engine.put({ imageId: 1, classId: 1, template })
    expect(await search()).toHaveLength(1)
    await engine.close()
  })

  it('refuses a dimension that it cannot hold', () => {
    expect(() => new ExactEngine({ dimension: 130, kernel })).toThrow(RangeError)
  })

  it('works at any multiple of 4', async () => {
    for (const dimension of [4, 12, 36, 100, 2_048]) {
      await withPair(dimension, undefined, async (pair) => {
        const random = seededRandom(dimension)
        for (let i = 1; i <= 700; i++) put(pair, i, 1 + (i % 50), randomUnit(dimension, random))
        await expectSameAnswers(pair, [randomUnit(dimension, random)], random)
      })
    }
  })
})
