import { expect, it } from 'vitest'
import type { Picture } from '../picture/picture.ts'
import { EmbedderOnDemand } from './embedder-on-demand.ts'

const chip: Picture = { width: 1, height: 1, pixels: new Uint8Array(3) }

/** Opens what counts how often it was opened and released, and fails as many times first. */
function counted(idleMs: number, failures = 0) {
  const counts = { opened: 0, released: 0 }
  let toFail = failures
  const embedder = new EmbedderOnDemand(async () => {
    if (toFail-- > 0) throw new Error('no such file')
    counts.opened++
    return {
      embedder: {
        embed: async () => {
          await new Promise((resolve) => setTimeout(resolve, 20))
          return [new Float32Array([counts.released])]
        },
      },
      release: async () => {
        counts.released++
      },
    }
  }, idleMs)
  return { embedder, counts }
}

it('is opened once for all that use it, and never released while one does', async () => {
  const { embedder, counts } = counted(0)
  const made = await Promise.all([1, 2, 3].map(() => embedder.embed([chip], false)))
  expect(made).toEqual([1, 2, 3].map(() => [new Float32Array([0])]))
  expect(counts.opened).toBe(1)
})

it('is let go once it is idle, and opened again when it is needed', async () => {
  const { embedder, counts } = counted(10)
  await embedder.embed([chip], false)
  expect(embedder.isOpen).toBe(true)
  await expect.poll(() => counts.released).toBe(1)
  expect(embedder.isOpen).toBe(false)
  await embedder.embed([chip], false)
  expect(counts).toEqual({ opened: 2, released: 1 })
  await embedder.release()
  await embedder.release()
  expect(counts).toEqual({ opened: 2, released: 2 })
})

it('says why it cannot be opened, and is tried again', async () => {
  const { embedder, counts } = counted(60_000, 2)
  await expect(embedder.tryOut()).rejects.toThrow('no such file')
  await expect(embedder.embed([chip], false)).rejects.toThrow('no such file')
  expect(await embedder.embed([chip], false)).toEqual([new Float32Array([0])])
  await embedder.tryOut()
  expect(counts).toEqual({ opened: 2, released: 1 })
  await embedder.release()
})
