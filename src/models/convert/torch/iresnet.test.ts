import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runPython } from '../../../../test/python/run-python.ts'
import { createOnnxCodec } from '../../onnx/codec.ts'
import { rewritePrelu } from '../../rewrite/prelu.ts'
import { convertIresnet } from './iresnet.ts'
import { readStateDict } from './read-state-dict.ts'
import type { TorchTensor } from './tensor.ts'

const COSINE_MIN = 0.99999
const DIFFERENCE_MAX = 1e-3
const IMAGES = 2

/** Python, PyTorch and two networks of 24 million weights take a while on a busy machine. */
const PATIENCE_MS = 240_000

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nhandien-iresnet-'))
  const reference = await readFile(fileURLToPath(new URL('./iresnet-reference.py', import.meta.url)), 'utf8')
  await runPython(['torch'], reference, ['2,2,2,2', folder])
}, PATIENCE_MS)
afterAll(() => rm(folder, { recursive: true, force: true }))

async function floats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path)
  return new Float32Array(new Uint8Array(bytes).buffer)
}

async function run(model: Uint8Array, input: Float32Array): Promise<Float32Array> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const { embedding } = await session.run({ input: new Tensor('float32', input, [IMAGES, 3, 112, 112]) })
  await session.release()
  if (!(embedding?.data instanceof Float32Array)) throw new Error('the network has no output "embedding" of floats')
  return embedding.data
}

describe('an iresnet from PyTorch', () => {
  it.each([
    ['float32', 'as converted'],
    ['float32', 'rewritten'],
    ['float16', 'rewritten'],
  ])(
    'in %s, %s, gives the templates that PyTorch gives',
    async (dtype, form) => {
      const converted = convertIresnet(await readStateDict(join(folder, `${dtype}.pth`)))
      expect(converted.network).toBe('iresnet18')
      const model = form === 'rewritten' ? rewritePrelu(converted.model) : converted.model
      const actual = await run(createOnnxCodec().encode(model), await floats(join(folder, 'input.f32')))
      const expected = await floats(join(folder, `${dtype}.f32`))
      expect(actual.length).toBe(expected.length)
      for (let image = 0; image < IMAGES; image++) {
        const [a, b] = [actual, expected].map((values) => values.subarray(image * 512, (image + 1) * 512))
        if (a === undefined || b === undefined) throw new Error('no rows')
        expect(cosineOf(a, b)).toBeGreaterThanOrEqual(COSINE_MIN)
        expect(Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))))).toBeLessThanOrEqual(
          DIFFERENCE_MAX,
        )
      }
    },
    PATIENCE_MS,
  )
})

function cosineOf(a: Float32Array, b: Float32Array): number {
  const dot = a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0)
  return dot / (Math.hypot(...a) * Math.hypot(...b))
}

describe('the depth of an iresnet', () => {
  const convolutions = (depths: readonly number[]) =>
    depths.flatMap((blocks, stage) =>
      Array.from({ length: blocks }, (_, block) => `layer${stage + 1}.${block}.conv1.weight`),
    )
  const state = (depths: readonly number[]) =>
    new Map(
      convolutions(depths).map((name): [string, TorchTensor] => [name, { shape: [1], values: new Float32Array(1) }]),
    )

  it.each([[[2, 2, 2, 2]], [[3, 4, 6, 3]], [[3, 4, 14, 3]], [[3, 13, 30, 3]]])('%j is known', (depths) => {
    expect(() => convertIresnet(state(depths))).toThrow('bn1.weight is missing')
  })

  it.each([[[2, 2, 2]], [[3, 4, 23, 3]], [[6, 26, 60, 6]], [[0, 0, 0, 0]]])('%j is refused', (depths) => {
    expect(() => convertIresnet(state(depths))).toThrow('is no iresnet18, 34, 50 or 100 of arcface_torch')
  })
})

describe('weights that are no iresnet', () => {
  const tensor = (...shape: number[]): TorchTensor => ({
    shape,
    values: new Float32Array(shape.reduce((product, size) => product * size, 1)),
  })

  it('are refused by the tensor that is missing or of another shape', () => {
    const names = [1, 2, 3, 4].flatMap((stage) => [`layer${stage}.0.conv1.weight`, `layer${stage}.1.conv1.weight`])
    const state = new Map(names.map((name) => [name, tensor(1)]))
    expect(() => convertIresnet(state)).toThrow('bn1.weight is missing')
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) state.set(`bn1.${part}`, tensor(64))
    state.set('conv1.weight', tensor(64, 1, 3, 3))
    expect(() => convertIresnet(state)).toThrow('conv1.weight has the shape (64, 1, 3, 3), not (64, 3, 3, 3)')
    state.set('conv1.weight', { shape: [64, 3, 3, 3], values: new Float32Array(64 * 27).fill(Number.NaN) })
    expect(() => convertIresnet(state)).toThrow('conv1.weight has values that are not finite')
  })
})
