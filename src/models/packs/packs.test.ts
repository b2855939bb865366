import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { encoded, smallDetector, smallRecogniser } from '../../../test/models/small-models.ts'
import { temporaryData } from '../../../test/models/temporary-data.ts'
import { confidence } from '../../domain/pack.ts'
import { ATTRIBUTE_TYPE, DATA_TYPE } from '../onnx/model.ts'
import { confidenceSlope } from './calibration.ts'
import { modelIdOf } from './model-id.ts'
import { listPacks, openPack } from './open-pack.ts'
import { modelsFolder } from './pack-name.ts'
import { type PackContent, removePack, writePack } from './write-pack.ts'

const refuse = async (): Promise<'keep'> => {
  throw new Error('occupied')
}

function content(name = 'lab'): PackContent {
  return {
    manifest: {
      name,
      modelId: 'abc.arcface-112',
      dimension: 64,
      threshold: 0.5,
      impostorP99: 0.25,
      duplicateThreshold: 0.5,
      confidenceSlope: 18.4,
      licence: 'MIT',
      detector: { kind: 'scrfd', file: 'detector.onnx', inputSize: 640, scoreMin: 0.5, iouMax: 0.4 },
      landmarks: null,
      recogniser: {
        file: 'recogniser.onnx',
        aligner: 'arcface',
        inputSize: 112,
        mean: [127.5, 127.5, 127.5],
        divisor: 127.5,
        mirror: false,
      },
      source: 'a test',
    },
    files: [
      { name: 'detector.onnx', bytes: encoded(smallDetector()) },
      { name: 'recogniser.onnx', bytes: encoded(smallRecogniser()) },
    ],
  }
}

async function writtenPack(): Promise<{ dataDir: string; folder: string; manifest: string }> {
  const dataDir = await temporaryData()
  await writePack(dataDir, content(), refuse)
  const folder = path.join(modelsFolder(dataDir), 'lab')
  return { dataDir, folder, manifest: path.join(folder, 'manifest.json') }
}

describe('a pack', () => {
  it('is opened as it was written', async () => {
    const { dataDir, folder } = await writtenPack()
    const pack = await openPack(dataDir, 'lab')
    expect(pack.folder).toBe(folder)
    expect(pack.manifest).toMatchObject({ format: 1, ...content().manifest })
    expect(pack.manifest.files.map(({ name }) => name)).toEqual(['detector.onnx', 'recogniser.onnx'])
    expect((await readdir(modelsFolder(dataDir))).sort()).toEqual(['lab'])
  })

  it.each(['', '.', '..', '../lab', 'a/b', 'a\\b', 'A', '.temporary-1', 'a\0', 'x'.repeat(64)])(
    'is not called %j',
    async (name) => {
      const dataDir = await temporaryData()
      await expect(openPack(dataDir, name)).rejects.toThrow(/a pack is named with/)
      await expect(writePack(dataDir, content(name), refuse)).rejects.toThrow(/a pack is named with/)
      await expect(removePack(dataDir, name)).rejects.toThrow(/a pack is named with/)
    },
  )

  it.each([
    ['another format', { format: 2 }],
    ['a field too many', { command: 'rm' }],
    ['a path for a file', { recogniser: { ...content().manifest.recogniser, file: '../secret.onnx' } }],
    ['a file that is not listed', { recogniser: { ...content().manifest.recogniser, file: 'other.onnx' } }],
    ['another name', { name: 'other' }],
    ['a threshold that is no cosine', { threshold: 7 }],
    ['no divisor', { recogniser: { ...content().manifest.recogniser, divisor: 0 } }],
    ['a detector of no kind', { detector: { kind: 'yolo', file: 'detector.onnx', inputSize: 640, scoreMin: 0.5 } }],
    ['nothing', null],
  ])('is refused with %s in its manifest', async (_, change) => {
    const { dataDir, manifest } = await writtenPack()
    const before: object = JSON.parse(await readFile(manifest, 'utf8'))
    await writeFile(manifest, JSON.stringify(change === null ? null : { ...before, ...change }))
    await expect(openPack(dataDir, 'lab')).rejects.toMatchObject({
      code: 'model-refused',
      details: { pack: 'lab', file: 'manifest.json' },
    })
    expect(await listPacks(dataDir)).toMatchObject([{ name: 'lab', refusal: { code: 'model-refused' } }])
  })

  it.each<[string, RegExp, (file: string) => Promise<void>]>([
    ['missing', /is missing/, (file) => rm(file)],
    ['shorter', /has 10 bytes, not/, (file) => writeFile(file, new Uint8Array(10))],
    [
      'changed in one bit',
      /is not the file that was added/,
      async (file) => {
        const bytes = await readFile(file)
        bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100)
        await writeFile(file, bytes)
      },
    ],
    [
      'a link to the same bytes',
      /is a link/,
      async (file) => {
        await rename(file, `${file}.real`)
        await symlink(`${file}.real`, file)
      },
    ],
    [
      'a folder',
      /is not a plain file/,
      async (file) => {
        await rm(file)
        await mkdir(file)
      },
    ],
    [
      'a pipe that nobody writes to',
      /is not a plain file/,
      async (file) => {
        await rm(file)
        execFileSync('mkfifo', [file])
      },
    ],
  ])('is refused with a file that is %s', async (_, reason, damage) => {
    const { dataDir, folder } = await writtenPack()
    await damage(path.join(folder, 'recogniser.onnx'))
    await expect(openPack(dataDir, 'lab')).rejects.toThrow(reason)
    await expect(openPack(dataDir, 'lab')).rejects.toMatchObject({ details: { pack: 'lab', file: 'recogniser.onnx' } })
  })

  it('is refused where a graph reads weights from elsewhere, though its hash is right', async () => {
    const dataDir = await temporaryData()
    const model = smallRecogniser()
    const externalData = [{ key: 'location', value: '/etc/passwd' }]
    const t = { name: 'w', dims: [1], dataType: DATA_TYPE.float, rawData: new Uint8Array(), externalData }
    model.graph?.node[0]?.attribute.push({ name: 'v', type: ATTRIBUTE_TYPE.tensor, t })
    const files = [content().files[0], { name: 'recogniser.onnx', bytes: encoded(model) }].flatMap((file) => file ?? [])
    await writePack(dataDir, { ...content(), files }, refuse)
    await expect(openPack(dataDir, 'lab')).rejects.toThrow(/in another file/)
  })
})

describe('writing a pack', () => {
  it('leaves the one that is there alone when it may not replace it', async () => {
    const { dataDir, manifest } = await writtenPack()
    const before = await readFile(manifest, 'utf8')
    const other = { ...content(), manifest: { ...content().manifest, dimension: 65 } }
    await expect(writePack(dataDir, other, refuse)).rejects.toThrow('occupied')
    expect(await readFile(manifest, 'utf8')).toBe(before)
    await writePack(dataDir, other, async () => 'keep')
    expect(await readFile(manifest, 'utf8')).toBe(before)
    await writePack(dataDir, other, async () => 'replace')
    expect((await openPack(dataDir, 'lab')).manifest.dimension).toBe(65)
    expect(await readdir(modelsFolder(dataDir))).toEqual(['lab'])
  })

  it('gives one whole pack when many write at once', async () => {
    const dataDir = await temporaryData()
    const writers = Array.from({ length: 8 }, (_, i) => {
      const mine = { ...content(), manifest: { ...content().manifest, dimension: 100 + i } }
      return writePack(dataDir, mine, async () => (i % 2 === 0 ? 'keep' : 'replace'))
    })
    await Promise.all(writers)
    await openPack(dataDir, 'lab')
    expect(await readdir(modelsFolder(dataDir))).toEqual(['lab'])
  })

  it('removes what a killed process left behind, but not what another one is writing', async () => {
    const { dataDir } = await writtenPack()
    const [old, young] = ['.temporary-old', '.temporary-young'].map((name) => path.join(modelsFolder(dataDir), name))
    for (const folder of [old ?? '', young ?? '']) {
      await mkdir(folder)
      await writeFile(path.join(folder, 'detector.onnx'), 'half of it')
    }
    await utimes(old ?? '', 0, 0)
    expect((await listPacks(dataDir)).map(({ name }) => name)).toEqual(['lab'])
    expect(await removePack(dataDir, 'lab')).toBe(true)
    expect(await removePack(dataDir, 'lab')).toBe(false)
    expect(await readdir(modelsFolder(dataDir))).toEqual(['.temporary-young'])
  })

  it('lists nothing where nothing is', async () => {
    expect(await listPacks(await temporaryData())).toEqual([])
  })
})

describe('the calibration', () => {
  it('is sure of an ordinary match, undecided at the threshold, and dismisses strangers', () => {
    const slope = confidenceSlope(0.93, 0.956)
    expect(confidence(0.956, 0.93, slope)).toBeCloseTo(0.95, 3)
    expect(confidence(0.93, 0.93, slope)).toBe(0.5)
    expect(confidence(0.838, 0.93, slope)).toBeLessThan(0.001)
  })
})

describe('the model id', () => {
  it('changes with everything that changes a template', () => {
    const spec = content().manifest.recogniser
    const ids = [
      modelIdOf('a'.repeat(64), spec),
      modelIdOf('b'.repeat(64), spec),
      modelIdOf('a'.repeat(64), { ...spec, aligner: 'dlib-chip' }),
      modelIdOf('a'.repeat(64), { ...spec, inputSize: 150 }),
      modelIdOf('a'.repeat(64), { ...spec, mean: [127.5, 127.5, 128] }),
      modelIdOf('a'.repeat(64), { ...spec, divisor: 128 }),
      modelIdOf('a'.repeat(64), { ...spec, mirror: true }),
    ]
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9._,-]{1,100}$/)
  })
})
