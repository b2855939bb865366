import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryData } from '../../../test/models/temporary-data.ts'
import { openPack } from '../packs/open-pack.ts'
import { DEFAULT_PACK_NAME, installDefaultPack } from './default-pack.ts'

async function steps(dataDir: string): Promise<string[]> {
  const seen: string[] = []
  await installDefaultPack(dataDir, (done, total, step) => seen.push(`${done}/${total} ${step}`))
  return seen
}

const CONVERSION = ['0/3 blazeface', '1/3 facemesh', '2/3 dlib-resnet', '3/3 done']

describe('the default pack', () => {
  it('is converted once, and again when damaged or made from something else', async () => {
    const dataDir = await temporaryData()
    expect(await steps(dataDir)).toEqual(CONVERSION)
    const first = await openPack(dataDir, DEFAULT_PACK_NAME)
    expect(await steps(dataDir)).toEqual([])

    await writeFile(path.join(first.folder, 'blazeface.onnx'), 'torn')
    expect(await steps(dataDir)).toEqual(CONVERSION)
    expect((await openPack(dataDir, DEFAULT_PACK_NAME)).manifest).toEqual(first.manifest)

    const manifest = path.join(first.folder, 'manifest.json')
    const text = await readFile(manifest, 'utf8')
    await writeFile(manifest, text.replace(/conversion \d+/, 'conversion 0'))
    expect(await steps(dataDir)).toEqual(CONVERSION)
    expect((await openPack(dataDir, DEFAULT_PACK_NAME)).manifest).toEqual(first.manifest)
  })

  it('is one pack when several processes start at once', async () => {
    const dataDir = await temporaryData()
    const packs = await Promise.all([1, 2, 3].map(() => installDefaultPack(dataDir)))
    expect(new Set(packs.map(({ manifest }) => JSON.stringify(manifest))).size).toBe(1)
  })

  it('says what it is', async () => {
    const { manifest } = await installDefaultPack(await temporaryData())
    expect(manifest).toMatchObject({
      // Templates in people's databases hang on this: it changes only when they stop being comparable.
      modelId: 'b413e420d684.dlib-chip-150.m122.782,117.001,104.298-d255.mirror',
      dimension: 128,
      threshold: 0.93,
      impostorP99: 0.908,
      duplicateThreshold: 0.95,
      licence: 'MIT',
      detector: { kind: 'blazeface', inputSize: 256, scoreMin: 0.3 },
      landmarks: { kind: 'facemesh', inputSize: 192, flagMin: 0.5 },
      recogniser: { aligner: 'dlib-chip', mirror: true },
    })
  })
})
