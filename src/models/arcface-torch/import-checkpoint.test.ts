import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encoded, smallDetector, smallRecogniser } from '../../../test/models/small-models.ts'
import { runPython } from '../../../test/python/run-python.ts'
import { runOnce } from '../../extraction/inference/network.ts'
import { readManifest } from '../packs/open-pack.ts'
import { modelsFolder } from '../packs/pack-name.ts'
import { importCheckpoint } from './import-checkpoint.ts'

const REFERENCE = fileURLToPath(new URL('../convert/torch/iresnet-reference.py', import.meta.url))

/** Python, PyTorch and networks of 24 million weights take a while on a busy machine. */
const PATIENCE_MS = 240_000

let dataDir: string
let checkpoint: string
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nhandien-torch-'))
  await runPython(['torch'], await readFile(REFERENCE, 'utf8'), ['2,2,2,2', dataDir])
  checkpoint = path.join(dataDir, 'float16.pth')
}, PATIENCE_MS)
afterAll(() => rm(dataDir, { recursive: true, force: true }))

const importAs = (name: string, detector: string | null, file = checkpoint) =>
  importCheckpoint({ dataDir, name, checkpoint: file, detector, licence: 'for tests', runModel: runOnce })

it(
  'makes a pack with the default detector and landmarks',
  async () => {
    const { folder, manifest } = await importAs('old', null)
    expect(manifest).toMatchObject({
      name: 'old',
      dimension: 512,
      threshold: 0.5,
      licence: 'for tests',
      detector: { kind: 'blazeface' },
      landmarks: { kind: 'facemesh' },
      recogniser: { aligner: 'arcface', inputSize: 112, mean: [127.5, 127.5, 127.5], divisor: 127.5, mirror: false },
    })
    expect(manifest.source).toMatch(/^float16\.pth \(iresnet18 of arcface_torch, SHA-256 [0-9a-f]{64}\)/)
    expect((await readdir(folder)).sort()).toEqual([
      'blazeface.onnx',
      'facemesh.onnx',
      'manifest.json',
      'recogniser.onnx',
    ])
    await expect(importAs('old', null)).rejects.toThrow('a pack of that name exists')
  },
  PATIENCE_MS,
)

it(
  'makes a pack with a detector that is given, and names the same model',
  async () => {
    const detector = path.join(dataDir, 'scrfd.onnx')
    await writeFile(detector, encoded(smallDetector()))
    const { manifest } = await importAs('with-scrfd', detector)
    expect(manifest).toMatchObject({ detector: { kind: 'scrfd', file: 'detector.onnx' }, landmarks: null })
    expect(manifest.modelId).toBe((await readManifest(dataDir, 'old')).modelId)
  },
  PATIENCE_MS,
)

it('refuses what is no detector or no checkpoint, and leaves nothing behind', async () => {
  const recogniser = path.join(dataDir, 'r.onnx')
  await writeFile(recogniser, encoded(smallRecogniser()))
  const before = await readdir(modelsFolder(dataDir)).catch(() => [])
  await expect(importAs('bad', recogniser)).rejects.toThrow('r.onnx","reason":"is no SCRFD detector')
  await expect(importAs('bad', null, recogniser)).rejects.toThrow('no pickle of plain data')
  await expect(importAs('bad', null, path.join(dataDir, 'none.pth'))).rejects.toThrow('is missing')
  await expect(importAs('default', null)).rejects.toThrow('is the name of the pack that comes with the product')
  expect(await readdir(modelsFolder(dataDir)).catch(() => [])).toEqual(before)
})
