import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MemoryLog } from '../../test/gallery/memory-log.ts'
import { near, randomUnit, seededRandom } from '../../test/gallery/vectors.ts'
import { type OpenGallery, openGallery } from './open-gallery.ts'
import { REBUILD_NOTICED_WITHIN_MS, requestRebuild } from './rebuild-request.ts'
import { ERASED_WITHIN_MS } from './snapshots.ts'
import { verifyGallery } from './verify.ts'

const DIMENSION = 64
const built = new URL('../../dist/gallery/', import.meta.url)

describe('Snapshots', () => {
  let folder = ''
  let log = new MemoryLog()
  let lines: string[] = []
  const random = seededRandom(1)
  const open: OpenGallery[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nhandien-gallery-'))
    log = new MemoryLog()
    lines = []
  })
  afterEach(async () => {
    for (const gallery of open.splice(0)) await gallery.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function start(modelId = 'model'): Promise<OpenGallery> {
    const say = (message: string, facts: object) => lines.push(`${message} ${JSON.stringify(facts)}`)
    const gallery = await openGallery({
      ...{ log, modelId, dimension: DIMENSION, built, snapshotFolder: folder, threads: 1, say },
    })
    open.push(gallery)
    return gallery
  }

  async function stop(gallery: OpenGallery): Promise<void> {
    open.splice(open.indexOf(gallery), 1)
    await gallery.close()
  }

  function fill(images: number): void {
    const centre = randomUnit(DIMENSION, random)
    for (let i = 1; i <= images; i++) log.put(i, 1 + (i % 97), near(centre, 0.7, random))
  }

  async function expectRight(gallery: OpenGallery): Promise<void> {
    const verdict = await verifyGallery(gallery.engine, log, 'model', () => gallery.catchUp())
    expect(verdict).toEqual({ compared: log.rows.size, differences: [] })
  }

  const snapshots = () => readdirSync(folder).sort()

  /** Counts the pages that are read from the records. */
  function countPages(): () => number {
    const spy = vi.spyOn(log, 'templates')
    return () => spy.mock.calls.length
  }

  it('starts from the snapshot that the last run left, and replays only what came after', async () => {
    fill(1_500)
    await stop(await start())
    expect(snapshots()).toHaveLength(1)
    expect(lines.splice(0).join()).toContain('"from":"the records"')
    log.remove(3)
    log.put(4_000, 5, randomUnit(DIMENSION, random))
    log.removePerson(9)
    const pages = countPages()
    const gallery = await start()
    expect(pages()).toBe(0)
    expect(lines).toEqual([expect.stringContaining(`"from":"${snapshots()[0]}"`)])
    await expectRight(gallery)
    expect(gallery.gallery.status().snapshotBytes).toBeGreaterThan(1_500 * DIMENSION * 5)
    const probe = log.rows.get(700)?.template ?? new Float32Array()
    expect((await gallery.gallery.search(probe, { limit: 1, by: 'image' }))[0]?.imageId).toBe(700)
  })

  it('keeps an empty gallery too', async () => {
    await stop(await start())
    const gallery = await start()
    await expectRight(gallery)
  })

  it.each([
    ['torn', (file: string) => truncateSync(file, readFileSync(file).length - 1_000)],
    ['cut to nothing', (file: string) => truncateSync(file, 0)],
    ['rotten in a block', (file: string) => flip(file, 0.7)],
    ['rotten in the mean', (file: string) => flip(file, 0.0005)],
    ['rotten in the header', (file: string) => flip(file, 0.00002)],
    ['of something else', (file: string) => writeFileSync(file, 'hello')],
  ])('falls back to the records when the snapshot is %s', async (_what, spoil) => {
    fill(1_500)
    await stop(await start())
    expect(snapshots()).toHaveLength(1)
    for (const file of snapshots()) spoil(join(folder, file))
    const pages = countPages()
    const gallery = await start()
    expect(pages()).toBe(1)
    expect(lines.join()).toContain('of no use')
    expect(snapshots()).toEqual([])
    await expectRight(gallery)
  })

  it('does not start from one that was written but never got its name, and removes it', async () => {
    fill(600)
    await stop(await start())
    const [written = ''] = snapshots()
    renameSync(join(folder, written), join(folder, 'being-written-7.snapshot'))
    lines.splice(0)
    await expectRight(await start())
    expect(lines).toEqual([expect.stringContaining('"from":"the records"')])
    expect(snapshots()).toEqual([])
  })

  it('falls back to the other generation when the newest is spoilt', async () => {
    fill(600)
    let gallery = await start()
    await gallery.snapshots?.write()
    log.put(601, 1, randomUnit(DIMENSION, random))
    await gallery.catchUp()
    await stop(gallery)
    expect(snapshots()).toHaveLength(2)
    flip(join(folder, snapshots()[1] ?? ''), 0.5)
    const pages = countPages()
    gallery = await start()
    expect(pages()).toBe(0)
    await expectRight(gallery)
  })

  it('does not use one that is of another model, of another history, or newer than the records', async () => {
    fill(100)
    await stop(await start('other'))
    await expectRight(await start())
    expect(lines.join()).toContain('another model')
    await stop(open[0] ?? (await start()))
    log.restore('two')
    fill(50)
    await expectRight(await start())
    expect(lines.join()).toContain('another database')
    await stop(open[0] ?? (await start()))
    log.restore('two')
    await expectRight(await start())
    expect(lines.join()).toContain('newer than the database')
  })

  it('writes while changes and searches go on, as of one revision', async () => {
    fill(3_000)
    const gallery = await start()
    const writing = gallery.snapshots?.write()
    const probe = randomUnit(DIMENSION, random)
    for (let i = 0; i < 500; i++) {
      if (i % 3 === 0) log.remove(1 + Math.floor(random() * 3_000))
      else log.put(1 + Math.floor(random() * 4_000), 7, randomUnit(DIMENSION, random))
      if (i % 20 === 0) {
        await gallery.catchUp()
        await gallery.gallery.search(probe, { limit: 5, by: 'person' })
      }
    }
    await writing
    await gallery.catchUp()
    await gallery.snapshots?.write()
    await stop(gallery)
    await expectRight(await start())
  })

  it('makes the gallery anew when it is asked to, while it serves, and leaves a sound snapshot', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      fill(300)
      const gallery = await start()
      await gallery.snapshots?.write()
      gallery.engine.remove(5)
      gallery.engine.put({ imageId: 6, classId: 999, template: randomUnit(DIMENSION, random) })
      requestRebuild(folder)
      expect(snapshots()).toEqual(['rebuild-wanted'])
      await vi.advanceTimersByTimeAsync(REBUILD_NOTICED_WITHIN_MS)
      while (snapshots().length === 0 || !snapshots().every((file) => /^\d+\.snapshot$/.test(file))) {
        await new Promise((resolve) => setImmediate(resolve))
      }
      await expectRight(gallery)
      await stop(gallery)
      await expectRight(await start())
    } finally {
      vi.useRealTimers()
    }
  })

  it('leaves everything as it is when it only reads', async () => {
    fill(100)
    await stop(await start())
    writeFileSync(join(folder, '0000000000000001.snapshot'), 'spoilt')
    const before = snapshots()
    log.remove(3)
    const say = () => {}
    const options = { log, modelId: 'model', dimension: DIMENSION, built, snapshotFolder: folder, threads: 1, say }
    const reading = await openGallery({ ...options, snapshotsReadOnly: true })
    await expectRight(reading)
    await reading.close()
    expect(snapshots()).toEqual(before)
  })

  it('holds nothing of a removed template once the time for it has passed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    try {
      fill(40)
      const gallery = await start()
      await gallery.snapshots?.write()
      const secret = Buffer.from(log.rows.get(7)?.template.buffer ?? new ArrayBuffer(0))
      const holds = () => snapshots().some((file) => readFileSync(join(folder, file)).includes(secret))
      expect(holds()).toBe(true)
      log.remove(7)
      await gallery.catchUp()
      await vi.advanceTimersByTimeAsync(ERASED_WITHIN_MS)
      // The thread that writes has begun; it ends in its own time.
      while (holds()) await new Promise((resolve) => setImmediate(resolve))
      await gallery.snapshots?.write()
      expect(snapshots()).toHaveLength(1)
      expect(holds()).toBe(false)
    } finally {
      vi.useRealTimers()
    }
  })

  it('removes what holds a removed template even where nothing new can be written', async () => {
    fill(40)
    const gallery = await start()
    await gallery.snapshots?.write()
    log.remove(7)
    await gallery.catchUp()
    // A folder that has the new file's name stands for a disk that takes nothing.
    const name = `${gallery.engine.revision.toString().padStart(16, '0')}.snapshot`
    mkdirSync(join(folder, name, 'in the way'), { recursive: true })
    await gallery.snapshots?.write()
    expect(lines.join()).toContain('could not be written')
    expect(snapshots()).toEqual([])
  })
})

/** Turns over one bit at a part of the file. */
function flip(file: string, part: number): void {
  const bytes = readFileSync(file)
  const at = Math.floor(bytes.length * part)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(file, bytes)
}
