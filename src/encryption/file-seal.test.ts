import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyMissing, SealBroken } from '../domain/encryption.ts'
import { fileSeal } from './file-seal.ts'
import { keyLine, newKey } from './key.ts'
import { fixedKeyRing } from './key-ring.ts'

const CHUNK = 64 * 1_024
const HEADER = 32

const keys = (...lines: string[]) => fixedKeyRing(lines.join('\n'), 'the test')
const key = keyLine(newKey())
const seal = fileSeal(keys(key))

async function* pieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function whole(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = []
  for await (const piece of source) read.push(piece)
  return Buffer.concat(read)
}

const sealed = (plain: Uint8Array) => whole(seal.seal(pieces(plain, 10_000)))
const opened = (bytes: Uint8Array, by = seal) => whole(by.open(pieces(bytes, 7_777)))

describe('a sealed file', () => {
  it('opens to what was sealed, at every size around a chunk', async () => {
    for (const size of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 200_001]) {
      const plain = randomBytes(size)
      expect((await opened(await sealed(plain))).equals(plain), `${size} bytes`).toBe(true)
    }
  })

  it('does not open with any of its bytes changed', async () => {
    const plain = randomBytes(CHUNK + 100)
    const bytes = await sealed(plain)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ flip
        await expect(opened(changed)).rejects.toThrow()
      }),
      { numRuns: 60 },
    )
  })

  it('does not open when cut anywhere, whole chunks included', async () => {
    const bytes = await sealed(randomBytes(3 * CHUNK))
    const chunk = CHUNK + 16
    const cuts = [0, 5, HEADER, HEADER + 1, HEADER + chunk, HEADER + 2 * chunk, bytes.length - 16, bytes.length - 1]
    for (const cut of cuts) await expect(opened(bytes.subarray(0, cut)), `${cut}`).rejects.toThrow(SealBroken)
  })

  it('does not open with chunks exchanged, left out, repeated, of another file, or with more at its end', async () => {
    const bytes = await sealed(randomBytes(3 * CHUNK + 5))
    const other = await sealed(randomBytes(3 * CHUNK + 5))
    const at = (from: Buffer, n: number) => from.subarray(HEADER + n * (CHUNK + 16), HEADER + (n + 1) * (CHUNK + 16))
    const header = bytes.subarray(0, HEADER)
    const built = {
      exchanged: [header, at(bytes, 1), at(bytes, 0), at(bytes, 2), at(bytes, 3)],
      'left out': [header, at(bytes, 0), at(bytes, 2), at(bytes, 3)],
      repeated: [header, at(bytes, 0), at(bytes, 0), at(bytes, 1), at(bytes, 2), at(bytes, 3)],
      'of another file': [header, at(bytes, 0), at(other, 1), at(bytes, 2), at(bytes, 3)],
      'with more': [bytes, Buffer.of(0)],
    }
    for (const [what, parts] of Object.entries(built))
      await expect(opened(Buffer.concat(parts)), what).rejects.toThrow(SealBroken)
  })

  it('opens with a key that is no longer the current one, and names the key where it is missing', async () => {
    const bytes = await sealed(Buffer.from('x'))
    expect((await opened(bytes, fileSeal(keys(keyLine(newKey()), key)))).toString()).toBe('x')
    const without = opened(bytes, fileSeal(keys(keyLine(newKey()))))
    await expect(without).rejects.toThrow(KeyMissing)
    await expect(without).rejects.toThrow(keys(key).current().id)
  })

  it('shows nothing of what it holds, and two of the same differ', async () => {
    const plain = Buffer.from('Nguyễn Văn An '.repeat(1_000))
    const [one, two] = [await sealed(plain), await sealed(plain)]
    expect(one.includes(Buffer.from('Nguyễn'))).toBe(false)
    expect(one.subarray(HEADER).equals(two.subarray(HEADER))).toBe(false)
  })
})
