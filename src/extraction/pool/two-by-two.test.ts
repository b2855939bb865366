import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { closePools, extract, openGate, photo, pool, WISH } from '../../../test/extraction/faulty-pool.ts'
import type { FaceExtractor } from '../../domain/extractor.ts'

afterEach(closePools)

/** Longer than a photo has to wait before it goes with another, while none was measured. */
const PATIENT_MS = 250
const probe = (extractor: FaceExtractor, letter: string) =>
  extractor.extract(photo(letter), { ...WISH, purpose: 'probe' })

/** Photos to search with that have waited for a worker which is at another: from then on two by two. */
async function probesThatWaited(extractor: FaceExtractor, letters: string) {
  const all = [extract(extractor, 'w'), ...[...letters].map((letter) => probe(extractor, letter))]
  await sleep(PATIENT_MS)
  return all
}

describe('photos that have waited for the pool', () => {
  it('hands two photos to search with to a worker at once while others wait for it', async () => {
    const extractor = await pool()
    const all = await probesThatWaited(extractor, 'abde')
    openGate()
    const together = (await Promise.all(all)).map(({ photoSha256, height }) => [photoSha256, height])
    expect(together).toEqual([
      ['w', 1],
      ['a', 2],
      ['b', 2],
      ['d', 2],
      ['e', 2],
    ])
    expect(extractor.status()).toMatchObject({ busy: 0, queued: 0, queuedBytes: 0 })
  })

  it('hands them over alone where no other waits for every worker, the next is for something else, or none has waited', async () => {
    const extractor = await pool()
    const waited = await probesThatWaited(extractor, 'a')
    const all = [...waited, extract(extractor, 'b'), ...[...'deg'].map((letter) => probe(extractor, letter))]
    openGate()
    expect((await Promise.all(all)).map(({ height }) => height)).toEqual([1, 1, 1, 1, 1, 1])
  })

  it('fails one of two without the other', async () => {
    const extractor = await pool()
    const [first, failing, sound] = await probesThatWaited(extractor, 'fa')
    openGate()
    await expect(failing).rejects.toThrow('failed on purpose')
    expect(await sound).toMatchObject({ photoSha256: 'a', height: 2 })
    await first
    expect(extractor.status().restarts).toBe(0)
  })

  it('tries both alone when their worker crashes, and refuses the one at which it crashes again', async () => {
    const extractor = await pool()
    const [first, crashing, sound] = await probesThatWaited(extractor, 'ca')
    openGate()
    await first
    await expect(crashing).rejects.toMatchObject({ code: 'image-unreadable' })
    expect(await sound).toMatchObject({ photoSha256: 'a', height: 1 })
    expect(extractor.status()).toMatchObject({ busy: 0, queued: 0, queuedBytes: 0, restarts: 2 })
  })

  it('tries both alone when their worker hangs, and refuses the one at which it hangs again', async () => {
    const extractor = await pool({ workers: 2, photoMsMax: 2 * PATIENT_MS })
    const before = [extract(extractor, 'w'), extract(extractor, 'w')]
    const [hanging, ...others] = [...'habd'].map((letter) => probe(extractor, letter))
    await sleep(PATIENT_MS)
    openGate()
    await Promise.all(before)
    await expect(hanging).rejects.toMatchObject({ code: 'image-unreadable', details: { secondsMax: 0.5 } })
    expect((await Promise.all(others)).map(({ photoSha256 }) => photoSha256)).toEqual(['a', 'b', 'd'])
  })
})
