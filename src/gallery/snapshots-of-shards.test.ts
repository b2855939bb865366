import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { shardBytesOf } from '../../test/gallery/shard-bytes.ts'
import { randomUnit, seededRandom } from '../../test/gallery/vectors.ts'
import type { GalleryChange } from '../domain/gallery.ts'
import { ExactEngine } from './exact-engine.ts'
import { compileKernel } from './kernel/kernel.ts'
import { ScanEngine } from './scan-engine.ts'
import { Snapshots } from './snapshots.ts'

/*
 * A gallery of more than one shared memory on disk. A whole memory has 4 GiB; here they are small, and so many that the
 * borders between them are crossed again and again.
 */

const DIMENSION = 32
const BLOCKS = 2
const MORE_BLOCKS = 3
const built = new URL('../../dist/gallery/', import.meta.url)
const compiled = compileKernel(new URL('kernel/', built))
if (compiled === null) throw new Error('this runtime has no WebAssembly SIMD or no shared memory')
const kernel = compiled

const bytesOf = (blocks: number) => shardBytesOf(DIMENSION, 1, blocks)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nhandien-shards-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function snapshotsOf(engine: ExactEngine, isReadOnly: boolean): Snapshots {
  const worker = new URL('snapshot-worker.js', built)
  const say = (message: string, facts: object) => {
    throw new Error(`${message} ${JSON.stringify(facts)}`)
  }
  return new Snapshots(engine, { folder, modelId: 'model', history: () => 'one', worker, isReadOnly, say })
}

function changes(count: number, first: number, random: () => number): GalleryChange[] {
  return Array.from({ length: count }, (_, index) => {
    const at = { revision: first + index, imageId: 1 + Math.floor(random() * 12_000) }
    if (random() < 0.1) return { ...at, kind: 'remove' }
    return { ...at, kind: 'put', classId: 1 + Math.floor(random() * 900), template: randomUnit(DIMENSION, random) }
  })
}

it.each([
  ['of the same size', bytesOf(BLOCKS)],
  ['of another size', bytesOf(MORE_BLOCKS)],
  ['of which one is enough', undefined],
])('a gallery of several memories is read into memories %s, and goes on', async (_which, shardBytesMax) => {
  const random = seededRandom(1)
  const oracle = new ScanEngine(DIMENSION)
  const written = new ExactEngine({ dimension: DIMENSION, kernel, shardBytesMax: bytesOf(BLOCKS) })
  for (const change of changes(13_000, 1, random)) {
    written.apply(change)
    oracle.apply(change)
  }
  expect(written.content.slots.shards.list.length).toBeGreaterThan(1)
  await snapshotsOf(written, false).write()
  await written.close()

  const engine = new ExactEngine({ dimension: DIMENSION, kernel, ...(shardBytesMax && { shardBytesMax }) })
  expect(await snapshotsOf(engine, true).load(oracle.revision)).toBe(true)
  const memories = () => engine.content.slots.shards.list.length
  if (shardBytesMax === undefined) expect(memories()).toBe(1)
  else expect(memories()).toBeGreaterThan(1)
  const expectSame = async () => {
    expect(engine.revision).toBe(oracle.revision)
    const ids = [...oracle.imageIds()]
    expect(new Set(engine.imageIds())).toEqual(new Set(ids))
    expect(ids.filter((id) => !sameBytes(engine, oracle, id))).toEqual([])
    for (const by of ['person', 'image'] as const) {
      const probe = randomUnit(DIMENSION, random)
      expect(await engine.search(probe, { limit: 20, by })).toEqual(await oracle.search(probe, { limit: 20, by }))
    }
  }
  await expectSame()
  for (const change of changes(5_000, oracle.revision + 1, random)) {
    engine.apply(change)
    oracle.apply(change)
  }
  await expectSame()
  await engine.close()
})

function sameBytes(engine: ExactEngine, oracle: ScanEngine, imageId: number): boolean {
  const [a, b] = [engine.entry(imageId), oracle.entry(imageId)]
  return a?.classId === b?.classId && a?.template.every((value, i) => value === b?.template[i]) === true
}
