import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { closePools, extract, openGate, photo, pool, WISH } from '../../../test/extraction/faulty-pool.ts'

afterEach(closePools)

describe('the pool of extraction workers', () => {
  it('extracts photos in the order they came', async () => {
    const extractor = await pool()
    const done: unknown[] = []
    await Promise.all([...'abde'].map(async (letter) => done.push((await extract(extractor, letter)).photoSha256)))
    expect(done).toEqual([...'abde'])
    expect(extractor.status()).toMatchObject({ workers: 1, busy: 0, queued: 0, queuedBytes: 0, restarts: 0 })
    expect(extractor.pack).toEqual({
      name: 'test',
      modelId: 'test',
      dimension: 4,
      threshold: 0.5,
      impostorP99: 0.3,
      duplicateThreshold: 0.5,
      confidenceSlope: 10,
      licence: 'MIT',
    })
  })

  it('takes a whole buffer over, and leaves the buffer around a part of it alone', async () => {
    const extractor = await pool()
    const whole = photo('a', 40)
    await extractor.extract(whole, WISH)
    expect(whole.byteLength).toBe(0)
    const around = photo('a', 40)
    expect(await extractor.extract(around.subarray(5, 25), WISH)).toMatchObject({ width: 20 })
    expect(around.byteLength).toBe(40)
  })

  it('refuses the photo on which a worker crashed, replaces the worker and harms no other photo', async () => {
    const extractor = await pool({ workers: 2 })
    const [working, crashing, waiting] = [extract(extractor, 'w'), extract(extractor, 'c'), extract(extractor, 'a')]
    await expect(crashing).rejects.toMatchObject({ code: 'image-unreadable' })
    expect(await waiting).toMatchObject({ photoSha256: 'a' })
    openGate()
    expect(await working).toMatchObject({ photoSha256: 'w' })
    expect(extractor.status()).toMatchObject({ busy: 0, queued: 0, queuedBytes: 0, crashLoop: false })
    await expect.poll(() => extractor.status(), { timeout: 10_000 }).toMatchObject({ workers: 2, restarts: 2 })
  })

  it('tries a photo again whose worker went away for another reason', async () => {
    const extractor = await pool({ workers: 2 })
    const folder = await mkdtemp(join(tmpdir(), 'nhandien-pool-'))
    onTestFinished(async () => await rm(folder, { recursive: true }))
    const once = new TextEncoder().encode(`o${join(folder, 'seen')}`)
    expect(await extractor.extract(once, WISH)).toMatchObject({ photoSha256: 'o' })
    expect(extractor.status()).toMatchObject({ busy: 0, queued: 0, crashLoop: false })
  })

  it('lets callers take turns', async () => {
    const extractor = await pool()
    const done: unknown[] = []
    const send = async (caller: string, letter: string) => {
      done.push((await extractor.extract(photo(letter), { ...WISH, caller })).photoSha256)
    }
    const all = [send('x', 'w'), send('x', 'a'), send('x', 'b'), send('x', 'd'), send('y', 'e'), send('z', 'g')]
    openGate()
    await Promise.all(all)
    expect(done).toEqual([...'waegbd'])
  })

  it('passes a fault within on as an error that is no refusal, and keeps the worker', async () => {
    const extractor = await pool()
    await expect(extract(extractor, 'f')).rejects.toThrow('failed on purpose')
    expect(await extract(extractor, 'a')).toMatchObject({ photoSha256: 'a' })
    expect(extractor.status().restarts).toBe(0)
  })

  it('notices when workers crash one after the other, and recovers', async () => {
    const extractor = await pool()
    for (const letter of 'ccc')
      await expect(extract(extractor, letter)).rejects.toMatchObject({ code: 'image-unreadable' })
    expect(extractor.status().crashLoop).toBe(true)
    expect(await extract(extractor, 'a')).toMatchObject({ photoSha256: 'a' })
    expect(extractor.status()).toMatchObject({ crashLoop: false, restarts: 6, workers: 1 })
  })

  it('gives up on a worker that hangs, goes on with another, and lets it end when it comes back', async () => {
    const extractor = await pool({ photoMsMax: 2_000 })
    const [hanging, waiting] = [extract(extractor, 'h'), extract(extractor, 'a')]
    await expect(hanging).rejects.toMatchObject({ code: 'image-unreadable', details: { secondsMax: 2 } })
    expect(await waiting).toMatchObject({ photoSha256: 'a' })
    expect(extractor.status()).toMatchObject({ workers: 1, hanging: 1, restarts: 1 })
    openGate()
    await expect.poll(() => extractor.status().hanging, { timeout: 10_000 }).toBe(0)
    expect(extractor.status()).toMatchObject({ workers: 1, restarts: 1 })
  })

  it('starts no more workers while as many hang, so that memory stays bounded', async () => {
    const extractor = await pool({ photoMsMax: 2_000, queue: { photosMax: 10, bytesMax: 1000, ageMsMax: 1_000 } })
    for (const letter of 'hh') {
      await expect.poll(() => extractor.status().workers, { timeout: 10_000 }).toBe(1)
      await expect(extract(extractor, letter)).rejects.toMatchObject({ code: 'image-unreadable' })
    }
    await expect(extract(extractor, 'a')).rejects.toMatchObject({ code: 'overloaded' })
    expect(extractor.status()).toMatchObject({ workers: 0, hanging: 2, restarts: 1 })
    openGate()
    await expect.poll(() => extractor.status(), { timeout: 10_000 }).toMatchObject({ workers: 1, hanging: 0 })
    expect(await extract(extractor, 'a')).toMatchObject({ photoSha256: 'a' })
  })

  it.each([
    ['photos', { photosMax: 2, bytesMax: 1000, ageMsMax: 20_000 }],
    ['bytes', { photosMax: 10, bytesMax: 200, ageMsMax: 20_000 }],
  ])('refuses at once when too many %s wait', async (_what, queue) => {
    const extractor = await pool({ queue })
    const begun = [extract(extractor, 'w'), extract(extractor, 'a', 100), extract(extractor, 'b', 100)]
    await expect(extract(extractor, 'd', 100)).rejects.toMatchObject({
      code: 'overloaded',
      details: { reason: 'queue-full', retryAfterSeconds: expect.any(Number) },
    })
    expect(extractor.status()).toMatchObject({ busy: 1, queued: 2, queuedBytes: 200 })
    openGate()
    expect((await Promise.all(begun)).map(({ photoSha256 }) => photoSha256)).toEqual(['w', 'a', 'b'])
    expect(await extract(extractor, 'd', 100)).toMatchObject({ photoSha256: 'd' })
  })

  it('refuses what waited too long', async () => {
    const extractor = await pool({ queue: { photosMax: 10, bytesMax: 1000, ageMsMax: 120 } })
    const working = extract(extractor, 'w')
    await expect(extract(extractor, 'a')).rejects.toMatchObject({
      code: 'overloaded',
      details: { reason: 'waited-too-long', retryAfterSeconds: 1 },
    })
    expect(extractor.status()).toMatchObject({ queued: 0, queuedBytes: 0 })
    openGate()
    await working
  })

  it('refuses what would wait too long, by how long photos take', async () => {
    const extractor = await pool({ queue: { photosMax: 1000, bytesMax: 1000, ageMsMax: 10_050 } })
    const begun = [extract(extractor, 'w')]
    for (let i = 0; i < 51; i++) begun.push(extract(extractor, 'a'))
    // Nothing was measured yet: a photo is taken to need a tenth of a second.
    await expect(extract(extractor, 'a')).rejects.toMatchObject({
      code: 'overloaded',
      details: { reason: 'long-wait', retryAfterSeconds: 6 },
    })
    openGate()
    await Promise.all(begun)
  })

  it('finishes what it began when it closes, refuses what waits and what comes later', async () => {
    const extractor = await pool()
    const [working, waiting] = [extract(extractor, 'w'), extract(extractor, 'a')]
    const closed = extractor.close()
    await expect(waiting).rejects.toMatchObject({ code: 'not-ready' })
    await expect(extract(extractor, 'a')).rejects.toMatchObject({ code: 'not-ready' })
    openGate()
    expect(await working).toMatchObject({ photoSha256: 'w' })
    await closed
    await extractor.close()
    expect(extractor.status()).toMatchObject({ busy: 0, restarts: 0 })
  })
})
