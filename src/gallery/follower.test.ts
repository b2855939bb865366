import { afterEach, describe, expect, it, vi } from 'vitest'
import { MemoryLog } from '../../test/gallery/memory-log.ts'
import { randomUnit, seededRandom } from '../../test/gallery/vectors.ts'
import type { GalleryEngine } from './engine.ts'
import { GalleryFollower } from './follower.ts'
import { ScanEngine } from './scan-engine.ts'
import { verifyGallery } from './verify.ts'

const DIMENSION = 16

function expectSame(engine: GalleryEngine, log: MemoryLog): void {
  expect([...engine.imageIds()].sort((a, b) => a - b)).toEqual([...log.rows.keys()].sort((a, b) => a - b))
  for (const row of log.rows.values()) expect(engine.entry(row.imageId)).toEqual(row)
}

/** One random write of any kind. */
function write(log: MemoryLog, random: () => number): number {
  const imageId = 1 + Math.floor(random() * 40)
  const classId = 1 + Math.floor(random() * 10)
  const kind = random()
  if (kind < 0.6) return log.put(imageId, classId, randomUnit(DIMENSION, random))
  if (kind < 0.85) return log.remove(imageId)
  return kind < 0.98 ? log.removePerson(classId) : log.clear()
}

describe('GalleryFollower', () => {
  const open: GalleryFollower[] = []
  afterEach(async () => {
    for (const follower of open.splice(0)) await follower.close()
  })

  function follower(log: MemoryLog, lines: string[] = []) {
    const engine = new ScanEngine(DIMENSION)
    const follows = new GalleryFollower(engine, log, 'model', (message) => lines.push(message))
    open.push(follows)
    return { engine, follows }
  }

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'fills while others write and ends where the records are (seed %i)',
    async (seed) => {
      const random = seededRandom(seed)
      const log = new MemoryLog()
      for (let i = 0; i < 100; i++) write(log, random)
      log.beforeAnswer = () => {
        if (random() < 0.8) write(log, random)
      }
      const { engine, follows } = follower(log)
      await follows.fill()
      log.beforeAnswer = () => {}
      await follows.catchUp()
      expectSame(engine, log)
    },
  )

  it('makes a change visible before catchUp resolves, though a pass was already reading', async () => {
    const log = new MemoryLog()
    const { engine, follows } = follower(log)
    const random = seededRandom(9)
    let written = 0
    const waits: Promise<void>[] = []
    for (let i = 0; i < 50; i++) {
      const revision = log.put(i + 1, 1, randomUnit(DIMENSION, random))
      waits.push(
        follows.catchUp(revision).then(() => {
          expect(engine.revision).toBeGreaterThanOrEqual(revision)
          written++
        }),
      )
      if (random() < 0.5) await Promise.resolve()
    }
    await Promise.all(waits)
    expect(written).toBe(50)
    expectSame(engine, log)
  })

  it('loads again when the log does not reach back to where it stands', async () => {
    const random = seededRandom(10)
    const log = new MemoryLog()
    const lines: string[] = []
    const { engine, follows } = follower(log, lines)
    for (let i = 0; i < 60; i++) write(log, random)
    await follows.fill()
    for (let i = 0; i < 60; i++) write(log, random)
    await log.pruneChanges(5)
    log.beforeAnswer = () => {
      if (random() < 0.5) write(log, random)
    }
    await follows.catchUp()
    log.beforeAnswer = () => {}
    await follows.catchUp()
    expectSame(engine, log)
    expect(lines.join()).toContain('does not reach back')
  })

  it('loads again when a backup was restored, though the revisions went back', async () => {
    vi.useFakeTimers()
    try {
      const random = seededRandom(11)
      const log = new MemoryLog()
      const { engine, follows } = follower(log)
      for (let i = 0; i < 60; i++) write(log, random)
      await follows.fill()
      follows.follow()
      log.restore('two')
      for (let i = 0; i < 20; i++) write(log, random)
      await vi.advanceTimersByTimeAsync(600)
      expectSame(engine, log)
      expect(follows.status()).toMatchObject({ revision: 20, pendingChanges: 0 })
      expect(follows.history).toBe('two')
    } finally {
      vi.useRealTimers()
    }
  })

  it.each([1, 2, 3, 4, 5, 6])('rebuilds while others write, and ends where the records are (seed %i)', async (seed) => {
    const random = seededRandom(seed)
    const log = new MemoryLog()
    const { engine, follows } = follower(log)
    for (let i = 0; i < 100; i++) write(log, random)
    await follows.fill()
    // What a fault left behind: an image too many, one too few, one that is another's.
    const some = [...engine.imageIds()]
    engine.put({ imageId: 1_000, classId: 1, template: randomUnit(DIMENSION, random) })
    engine.remove(some[0] ?? 0)
    engine.put({ imageId: some[1] ?? 0, classId: 999, template: randomUnit(DIMENSION, random) })
    let busy = false
    log.beforeAnswer = async () => {
      if (busy || random() < 0.3) return
      busy = true
      const revision = write(log, random)
      if (random() < 0.5) await follows.catchUp(revision)
      busy = false
    }
    expect(await follows.rebuild()).toBeGreaterThan(0)
    log.beforeAnswer = () => {}
    await follows.catchUp()
    expectSame(engine, log)
    expect(await verifyGallery(engine, log, 'model', () => follows.catchUp())).toMatchObject({ differences: [] })
  })

  it('tells every kind of difference from the records', async () => {
    const random = seededRandom(12)
    const log = new MemoryLog()
    const { engine, follows } = follower(log)
    for (let i = 1; i <= 4; i++) log.put(i, i, randomUnit(DIMENSION, random))
    await follows.fill()
    engine.remove(1)
    engine.put({ imageId: 2, classId: 9, template: log.rows.get(2)?.template ?? new Float32Array() })
    engine.put({ imageId: 3, classId: 3, template: randomUnit(DIMENSION, random) })
    engine.put({ imageId: 7, classId: 7, template: randomUnit(DIMENSION, random) })
    const { compared, differences } = await verifyGallery(engine, log, 'model', () => follows.catchUp())
    expect(compared).toBe(4)
    expect(differences).toEqual([
      { imageId: 1, problem: 'missing' },
      { imageId: 2, problem: 'different' },
      { imageId: 3, problem: 'different' },
      { imageId: 7, problem: 'unknown' },
    ])
  })

  it('says so when the log does not reach the revision asked for', async () => {
    const { follows } = follower(new MemoryLog())
    await expect(follows.catchUp(3)).rejects.toThrow('ends at revision 0')
  })

  it('leaves an unfit template out, with what stood there before, and goes on', async () => {
    const log = new MemoryLog()
    const lines: string[] = []
    const { engine, follows } = follower(log, lines)
    log.put(1, 1, randomUnit(DIMENSION, seededRandom(1)))
    await follows.catchUp()
    log.put(1, 1, new Float32Array(DIMENSION))
    log.put(2, 1, randomUnit(DIMENSION, seededRandom(2)))
    await follows.catchUp()
    expect([...engine.imageIds()]).toEqual([2])
    expect(lines).toHaveLength(1)
  })

  it('catches the changes of others by its timer, survives a log that fails, and stops on close', async () => {
    vi.useFakeTimers()
    try {
      const log = new MemoryLog()
      const lines: string[] = []
      const { engine, follows } = follower(log, lines)
      await follows.fill()
      follows.follow()
      log.put(1, 1, randomUnit(DIMENSION, seededRandom(1)))
      await vi.advanceTimersByTimeAsync(300)
      expect([...engine.imageIds()]).toEqual([1])
      expect(follows.status()).toMatchObject({ revision: 1, pendingChanges: 0 })
      log.beforeAnswer = () => {
        throw new Error('the database is gone')
      }
      log.put(2, 1, randomUnit(DIMENSION, seededRandom(2)))
      await vi.advanceTimersByTimeAsync(600)
      expect(lines).toHaveLength(2)
      log.beforeAnswer = () => {}
      await vi.advanceTimersByTimeAsync(300)
      expect([...engine.imageIds()]).toEqual([1, 2])
      await follows.close()
      log.put(3, 1, randomUnit(DIMENSION, seededRandom(3)))
      await vi.advanceTimersByTimeAsync(600)
      expect(vi.getTimerCount()).toBe(0)
      expect([...engine.imageIds()]).toEqual([1, 2])
    } finally {
      vi.useRealTimers()
    }
  })
})
