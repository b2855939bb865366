import { afterEach, describe, expect, it } from 'vitest'
import { shardBytesOf } from '../../test/gallery/shard-bytes.ts'
import { near, randomUnit, seededRandom } from '../../test/gallery/vectors.ts'
import type { Candidate } from '../domain/candidate.ts'
import type { GallerySearch } from '../domain/gallery.ts'
import { ExactEngine } from './exact-engine.ts'
import { compileKernel } from './kernel/kernel.ts'
import { ScanEngine } from './scan-engine.ts'

const DIMENSION = 64
const built = new URL('../../dist/gallery/', import.meta.url)
const compiled = compileKernel(new URL('kernel/', built))
if (compiled === null) throw new Error('this runtime has no WebAssembly SIMD or no shared memory')
const kernel = compiled

describe('ExactEngine with search threads', () => {
  const open: ExactEngine[] = []
  afterEach(async () => {
    for (const engine of open.splice(0)) await engine.close()
  })

  function threaded(worker = new URL('search-worker.js', built)): ExactEngine {
    const engine = new ExactEngine({
      dimension: DIMENSION,
      kernel,
      threads: { count: 2, worker },
      shardBytesMax: shardBytesOf(DIMENSION, 3, 3),
      inlineValuesMax: 0,
    })
    open.push(engine)
    return engine
  }

  it.each([1, 2, 3])('every search sees the gallery as it was when it was asked for (seed %i)', async (seed) => {
    const random = seededRandom(seed)
    const engine = threaded()
    const oracle = new ScanEngine(DIMENSION)
    const centre = randomUnit(DIMENSION, random)
    const pending: Promise<readonly Candidate[]>[] = []
    const expected: (readonly Candidate[])[] = []
    let clears = 0
    for (let revision = 1; revision <= 12_000; revision++) {
      const imageId = 1 + Math.floor(random() * 4_000)
      const classId = 1 + Math.floor(random() * 300)
      const kind = random()
      const isClear = revision === 7_000
      const change = isClear
        ? ({ revision, kind: 'clear' } as const)
        : kind < (revision % 4_000 < 2_500 ? 0.9 : 0.3)
          ? ({ revision, kind: 'put', imageId, classId, template: near(centre, 0.6, random) } as const)
          : kind < 0.97
            ? ({ revision, kind: 'remove', imageId } as const)
            : ({ revision, kind: 'remove-person', classId } as const)
      clears += isClear ? 1 : 0
      engine.apply(change)
      oracle.apply(change)
      if (random() < 0.03) {
        const probe = near(centre, 0.7, random)
        const among = random() < 0.2 ? { among: new Set([classId, classId + 1, classId + 2]) } : {}
        const wish: GallerySearch = { limit: 5, by: random() < 0.5 ? 'person' : 'image', ...among }
        pending.push(engine.search(probe, wish))
        expected.push(await oracle.search(probe, wish))
      }
      if (revision % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(clears).toBe(1)
    expect(await Promise.all(pending)).toEqual(expected)
    expect([...engine.imageIds()].sort()).toEqual([...oracle.imageIds()].sort())
  })

  it('answers many searches at once, in passes of several', async () => {
    const random = seededRandom(5)
    const engine = threaded()
    const oracle = new ScanEngine(DIMENSION)
    for (let i = 1; i <= 3_000; i++) {
      const entry = { imageId: i, classId: 1 + (i % 700), template: randomUnit(DIMENSION, random) }
      engine.put(entry)
      oracle.put(entry)
    }
    const probes = Array.from({ length: 60 }, () => randomUnit(DIMENSION, random))
    const wish = { limit: 5, by: 'person' } as const
    const answers = await Promise.all(probes.map((probe) => engine.search(probe, wish)))
    expect(answers).toEqual(await Promise.all(probes.map((probe) => oracle.search(probe, wish))))
  })

  it('refuses searches beyond the most that may wait, and answers the others', async () => {
    const engine = threaded()
    const template = randomUnit(DIMENSION, seededRandom(6))
    engine.put({ imageId: 1, classId: 1, template })
    const searches = Array.from({ length: 600 }, () => engine.search(template, { limit: 1, by: 'image' }))
    const outcomes = await Promise.allSettled(searches)
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length).toBeLessThan(100)
    for (const outcome of refused) expect(String(outcome.reason)).toContain('overloaded')
  })

  it('fails the search whose thread broke, and closes all the same', async () => {
    const engine = threaded(new URL('no-such-worker.js', built))
    engine.put({ imageId: 1, classId: 1, template: randomUnit(DIMENSION, seededRandom(7)) })
    const probe = randomUnit(DIMENSION, seededRandom(8))
    await expect(engine.search(probe, { limit: 1, by: 'image' })).rejects.toThrow('no-such-worker')
    await expect(engine.search(probe, { limit: 1, by: 'image' })).rejects.toThrow('no-such-worker')
  })

  it('refuses what is still waiting when it is closed', async () => {
    const engine = threaded()
    const template = randomUnit(DIMENSION, seededRandom(9))
    engine.put({ imageId: 1, classId: 1, template })
    const refused = expect(engine.search(template, { limit: 1, by: 'image' })).rejects.toThrow('not-ready')
    await engine.close()
    await refused
  })
})
