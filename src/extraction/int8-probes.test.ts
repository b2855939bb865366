import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type DefaultPack,
  extractOne,
  openDefaultPack,
  samplePhoto,
  templateOf,
  wish,
} from '../../test/extraction/default-pack.ts'
import { createOnnxCodec } from '../models/onnx/codec.ts'
import { quantiseGraph } from '../models/quantise/quantise-graph.ts'
import { openNetwork } from './inference/network.ts'
import { recogniserInputs } from './recogniser-inputs.ts'
import { openStages, type Stages } from './stages.ts'

const FILE = 'int8.onnx'

let pack: DefaultPack
let stages: Stages
beforeAll(async () => {
  pack = await openDefaultPack()
  const { folder, manifest } = pack.setup
  async function* photos() {
    yield new Uint8Array(samplePhoto(2))
  }
  const inputs = await recogniserInputs(pack.setup, photos(), () => {})
  expect(inputs).toHaveLength(3)
  const codec = createOnnxCodec()
  const side = manifest.recogniser.inputSize
  const examples = inputs.map((data) => ({ data, dims: [1, 3, side, side] }))
  const model = codec.decode(await readFile(join(folder, manifest.recogniser.file)))
  const quantised = await quantiseGraph(model, examples, openNetwork)
  if (quantised === null) throw new Error('nothing was quantised')
  const bytes = codec.encode(quantised)
  await writeFile(join(folder, FILE), bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const selfTest = {
    ...{ faces: 8, cosineMin: 1, cosineMedian: 1, noise: 0, scoreShift: 0 },
    ...{ decisionsChanged: 0, cpuMs: 1, cpuMsFloat32: 2 },
  }
  stages = await openStages({
    ...pack.setup,
    int8Probes: true,
    manifest: {
      ...manifest,
      int8: { file: FILE, faces: 'samples', selfTest },
      files: [...manifest.files, { name: FILE, bytes: bytes.length, sha256 }],
    },
  })
})
afterAll(async () => {
  await stages.release()
  await pack.close()
})

it('embeds probes with the int8 recogniser, nearly as float32 does, and references with float32', async () => {
  const embed = async (purpose: 'probe' | 'reference', by: Stages) =>
    templateOf(await extractOne(samplePhoto(1), wish(purpose, { embed: 'main' }), by))
  const exact = await embed('reference', pack.stages)
  expect(await embed('reference', stages)).toEqual(exact)
  const quick = await embed('probe', stages)
  const cosine = quick.reduce((sum, value, i) => sum + value * (exact[i] ?? 0), 0)
  expect(cosine).toBeGreaterThan(0.995)
  expect(cosine).toBeLessThan(0.999999)
})
