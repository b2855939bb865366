import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { encoded, smallAttributes, smallDetector, smallRecogniser } from '../../../test/models/small-models.ts'
import { temporaryData } from '../../../test/models/temporary-data.ts'
import { runOnce } from '../../extraction/inference/network.ts'
import { ATTRIBUTE_TYPE, DATA_TYPE } from '../onnx/model.ts'
import { modelsFolder } from '../packs/pack-name.ts'
import { addPack } from './add-pack.ts'

const REAL_MODELS = new URL('../../../../shared/data/models/', import.meta.url)

async function add(files: Readonly<Record<string, Uint8Array>>, name = 'lab') {
  const dataDir = await temporaryData()
  const folder = path.join(dataDir, 'given')
  await mkdir(folder)
  for (const [file, bytes] of Object.entries(files)) await writeFile(path.join(folder, file), bytes)
  const request = { dataDir, name, paths: [folder], licence: 'for tests', origin: 'a test', runModel: runOnce }
  return { dataDir, request, added: addPack(request) }
}

const detector = encoded(smallDetector())
const recogniser = encoded(smallRecogniser())

describe('adding a pack', () => {
  it('tells by the graphs which file is which, and leaves out what the packs hold besides', async () => {
    const { added } = await add({
      'a.onnx': recogniser,
      'z.onnx': detector,
      'genderage.onnx': encoded(smallAttributes(96, 3)),
      '2d106det.onnx': encoded(smallAttributes(192, 212)),
      '1k3d68.onnx': encoded(smallAttributes(192, 3309)),
      'README.txt': Buffer.from('not looked at'),
    })
    const pack = await added
    expect(pack.manifest).toMatchObject({
      name: 'lab',
      dimension: 64,
      threshold: 0.5,
      detector: { kind: 'scrfd', inputSize: 640 },
      landmarks: null,
      recogniser: { aligner: 'arcface', inputSize: 112, mean: [127.5, 127.5, 127.5], divisor: 127.5, mirror: false },
      licence: 'for tests',
      source: 'z.onnx and a.onnx from a test',
    })
    expect(pack.unused.map(({ file }) => file)).toEqual(['1k3d68.onnx', '2d106det.onnx', 'genderage.onnx'])
    expect((await readdir(pack.folder)).sort()).toEqual(['detector.onnx', 'manifest.json', 'recogniser.onnx'])
  })

  it('sees a recogniser that normalises inside, and a detector of a fixed size', async () => {
    const { added } = await add({
      'r.onnx': encoded(smallRecogniser({ normalisesInside: true, dimension: 512 })),
      'd.onnx': encoded(smallDetector({ height: 320, width: 320 })),
    })
    expect((await added).manifest).toMatchObject({
      dimension: 512,
      detector: { inputSize: 320 },
      recogniser: { mean: [0, 0, 0], divisor: 1 },
    })
  })

  it.each<[string, RegExp, Readonly<Record<string, Uint8Array>>]>([
    ['no file', /no .onnx file was given/, {}],
    ['no detector', /no file is a detector/, { 'r.onnx': recogniser }],
    ['no recogniser', /no file is a recogniser/, { 'd.onnx': detector }],
    [
      'two detectors',
      /a.onnx and b.onnx are each a detector/,
      { 'a.onnx': detector, 'b.onnx': detector, 'r.onnx': recogniser },
    ],
    [
      'two recognisers',
      /q.onnx and r.onnx are each a recogniser/,
      { 'd.onnx': detector, 'q.onnx': recogniser, 'r.onnx': recogniser },
    ],
    [
      'text',
      /t.onnx.*is not an ONNX model/,
      { 't.onnx': Buffer.from('hello'), 'd.onnx': detector, 'r.onnx': recogniser },
    ],
    ['half a file', /r.onnx.*is not an ONNX model/, { 'd.onnx': detector, 'r.onnx': recogniser.subarray(0, 9000) }],
    [
      'another network',
      /x.onnx.*is neither/,
      { 'x.onnx': encoded(smallAttributes(224, 1000)), 'd.onnx': detector, 'r.onnx': recogniser },
    ],
    [
      'a detector without points',
      /d.onnx.*without the five points/,
      { 'd.onnx': encoded(smallDetector({ lengths: [1, 4] })), 'r.onnx': recogniser },
    ],
    [
      'a detector of other strides',
      /d.onnx.*for an image of 640×640, not/,
      { 'd.onnx': encoded(smallDetector({ strides: [16, 32, 64] })), 'r.onnx': recogniser },
    ],
    [
      'a detector that is not square',
      /d.onnx.*not a square/,
      { 'd.onnx': encoded(smallDetector({ height: 480, width: 640 })), 'r.onnx': recogniser },
    ],
    [
      'a recogniser that never looks',
      /r.onnx.*the same embedding for every image/,
      { 'd.onnx': detector, 'r.onnx': encoded(smallRecogniser({ gain: 0 })) },
    ],
    [
      'a recogniser that gives no numbers',
      /r.onnx.*not finite/,
      { 'd.onnx': detector, 'r.onnx': encoded(smallRecogniser({ gain: 1e39 })) },
    ],
    [
      'an embedding of three values',
      /r.onnx.*not one embedding/,
      { 'd.onnx': detector, 'r.onnx': encoded(smallRecogniser({ dimension: 3 })) },
    ],
    [
      'an absurd input',
      /d.onnx.*absurd shape/,
      { 'd.onnx': encoded(smallDetector({ height: 2 ** 20, width: 2 ** 20 })), 'r.onnx': recogniser },
    ],
    ['weights elsewhere', /r.onnx.*in another file/, { 'd.onnx': detector, 'r.onnx': withExternalWeights() }],
    ['an operator that nobody has', /r.onnx.*cannot be run/, { 'd.onnx': detector, 'r.onnx': withForeignOperator() }],
  ])('is refused with %s, and nothing is written', async (_, reason, files) => {
    const { added, dataDir } = await add(files)
    await expect(added).rejects.toThrow(reason)
    await expect(added).rejects.toMatchObject({ code: 'model-refused' })
    expect(existsSync(modelsFolder(dataDir))).toBe(false)
  })

  it.each(['default', '../lab', 'a/b', 'Lab', ''])('is refused under the name %j', async (name) => {
    const { added, dataDir } = await add({ 'd.onnx': detector, 'r.onnx': recogniser }, name)
    await expect(added).rejects.toMatchObject({ code: 'model-refused' })
    expect(existsSync(modelsFolder(dataDir))).toBe(false)
  })

  it('is refused under a name that is taken, also while another one takes it', async () => {
    const { added, request } = await add({ 'd.onnx': detector, 'r.onnx': recogniser })
    const outcomes = await Promise.allSettled([added, addPack(request), addPack(request)])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(String(outcome.reason)).toMatch(/a pack of that name exists/)
    }
  })

  it.skipIf(!existsSync(REAL_MODELS))('takes the real pair (skipped without ../shared)', async () => {
    const dataDir = await temporaryData()
    const pack = await addPack({
      dataDir,
      name: 'real',
      paths: [REAL_MODELS.pathname],
      licence: 'for tests',
      origin: 'a test',
      runModel: runOnce,
    })
    expect(pack.manifest).toMatchObject({ dimension: 128, detector: { inputSize: 640 } })
    expect(pack.manifest.source).toBe('scrfd_2.5g_bnkps.onnx and mobilefacenet_128.onnx from a test')
  })
})

function withExternalWeights(): Uint8Array {
  const model = smallRecogniser()
  const externalData = [{ key: 'location', value: '../../../etc/passwd' }]
  model.graph?.initializer.push({
    name: 'w',
    dims: [4],
    dataType: DATA_TYPE.float,
    rawData: new Uint8Array(),
    externalData,
  })
  return encoded(model)
}

function withForeignOperator(): Uint8Array {
  const model = smallRecogniser()
  const [first] = model.graph?.node ?? []
  if (first !== undefined) first.opType = 'RunShellCommand'
  first?.attribute.push({ name: 'command', type: ATTRIBUTE_TYPE.string, s: Buffer.from('true') })
  return encoded(model)
}
