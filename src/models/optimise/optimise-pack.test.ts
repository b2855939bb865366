import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { encoded, seededFloats, smallDetector, smallRecogniser } from '../../../test/models/small-models.ts'
import { temporaryData } from '../../../test/models/temporary-data.ts'
import type { Int8SelfTest, OpenPack } from '../../domain/pack.ts'
import { openNetwork, runOnce } from '../../extraction/inference/network.ts'
import { addPack } from '../insightface/add-pack.ts'
import { createGraphBuilder } from '../onnx/graph-builder.ts'
import { openPack } from '../packs/open-pack.ts'
import { objections } from '../self-test/self-test.ts'
import { optimisePack } from './optimise-pack.ts'

const SIDE = 112
const DIMENSION = 64
/** All other channels together are less than a rounding step of the loud one. */
const LOUD = 5_000

/**
 * An ArcFace input and output around two convolutions and a matrix.
 * @param loudness how much louder the first convolution's first channel is than the others; nothing reads that channel
 */
function convolutional(loudness: number): Uint8Array {
  const graph = createGraphBuilder('convolutional')
  const image = graph.input('data', ['N', 3, SIDE, SIDE])
  const pooled = graph.node('AveragePool', [image], { kernel_shape: [2, 2], strides: [2, 2] })
  const wideWeights = seededFloats(64 * 27, 3).map((weight, i) => (i < 27 ? weight * loudness : weight))
  const wide = graph.node('Relu', [graph.node('Conv', [pooled, graph.floats('wide', [64, 3, 3, 3], wideWeights)])])
  const deepWeights = seededFloats(64 * 64 * 9, 7).map((weight, i) => (i % 576 < 9 ? 0 : weight / 24))
  const deep = graph.node('Conv', [wide, graph.floats('deep', [64, 64, 3, 3], deepWeights)])
  const small = graph.node('AveragePool', [graph.node('Relu', [deep])], { kernel_shape: [13, 13], strides: [13, 13] })
  const flat = graph.node('Flatten', [small])
  const matrix = graph.floats('matrix', [DIMENSION, 64 * 16], seededFloats(DIMENSION * 64 * 16, 5))
  graph.output('embedding', ['N', DIMENSION], graph.node('Gemm', [flat, matrix], { transB: 1 }))
  return encoded(graph.build())
}

/** Blocks of one grey each, different ones in each "face"; speckles would be averaged away. */
const faces = Array.from({ length: 24 }, (_, face) => {
  const blocks = seededFloats(3 * 7 * 7, face + 40)
  return new Float32Array(3 * SIDE * SIDE).map((_, i) => {
    const [plane, row, column] = [Math.floor(i / SIDE ** 2), Math.floor(i / SIDE) % SIDE, i % SIDE]
    return blocks[plane * 49 + (row >> 4) * 7 + (column >> 4)] ?? 0
  })
})

async function packWith(recogniser: Uint8Array): Promise<{ dataDir: string; pack: OpenPack }> {
  const dataDir = await temporaryData()
  const given = path.join(dataDir, 'given')
  await mkdir(given)
  await writeFile(path.join(given, 'd.onnx'), encoded(smallDetector()))
  await writeFile(path.join(given, 'r.onnx'), recogniser)
  const request = { dataDir, name: 'lab', paths: [given], licence: 'for tests', origin: 'a test', runModel: runOnce }
  return { dataDir, pack: await addPack(request) }
}

async function optimise(recogniser: Uint8Array, tried: readonly Float32Array[] = faces) {
  const { dataDir, pack } = await packWith(recogniser)
  const steps: number[] = []
  const outcome = await optimisePack({
    ...{ dataDir, pack, faces: tried, origin: 'samples', openModel: openNetwork },
    ...{ cpuMs: clockOf(10, 5), onProgress: (done: number, total: number) => steps.push(done / total) },
  })
  return { before: pack, after: await openPack(dataDir, 'lab'), outcome, steps, dataDir }
}

/** CPU time with so many milliseconds for each run of the float32 graph and of the int8 one, in turns. */
function clockOf(exactMs: number, quickMs: number): () => number {
  let [calls, ms] = [0, 0]
  return () => {
    if (calls % 4 === 1) ms += exactMs
    if (calls++ % 4 === 3) ms += quickMs
    return ms
  }
}

describe('the self-test of an int8 recogniser', () => {
  it('has nothing against one that gives nearly the same templates', async () => {
    const { outcome, steps } = await optimise(convolutional(1))
    expect(outcome.objections).toEqual([])
    expect(outcome.test?.faces).toBe(24)
    expect(outcome.test?.cosineMin).toBeGreaterThan(0.95)
    expect(steps.at(-1)).toBe(1)
  })

  it('refuses one that rounding spoilt, and float32 stays alone', async () => {
    const { after, before, outcome } = await optimise(convolutional(LOUD))
    expect(outcome.bytes).toBeNull()
    expect(outcome.objections.join()).toMatch(/noise as a share of the faces' variance/)
    expect(after.manifest).toEqual(before.manifest)
  })

  it('refuses to judge by a few faces, and what it can put into integers nothing of', async () => {
    const few = await optimise(convolutional(1), faces.slice(0, 10))
    expect(few.outcome.objections).toEqual(['10 faces to calibrate and try it with, 16 needed'])
    const plain = await optimise(encoded(smallRecogniser()))
    expect(plain.outcome.objections.join()).toMatch(/holds no convolution or matrix product/)
  })

  const good: Int8SelfTest = {
    ...{ faces: 20, cosineMin: 0.98, cosineMedian: 0.99, noise: 0.02, scoreShift: 0.01 },
    ...{ decisionsChanged: 0, cpuMs: 5, cpuMsFloat32: 10 },
  }
  const pack = { threshold: 0.5, impostorP99: 0.26 }

  it.each<[keyof Int8SelfTest, number, RegExp]>([
    ['faces', 7, /only 7 faces, 8 needed/],
    ['cosineMin', 0.94, /cosine is 0.94, 0.95 needed/],
    ['noise', 0.06, /variance 0.06, 0.03 allowed/],
    ['scoreShift', 0.03, /scores shifted by 0.03, 0.024 allowed/],
    ['decisionsChanged', 0.01, /decided otherwise 0.01, 0.005 allowed/],
    ['cpuMs', 9, /CPU time as a share of float32's 0.9, 0.8 allowed/],
  ])('objects to %s of %d', (figure, value, reason) => {
    expect(objections(good, pack)).toEqual([])
    const found = objections({ ...good, [figure]: value }, pack)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(reason)
  })

  it('asks the more, the nearer strangers come to the threshold', () => {
    expect(objections(good, { threshold: 0.93, impostorP99: 0.908 }).join()).toMatch(/0.01, 0.0022 allowed/)
  })

  it('holds a value that cannot be compared against it', () => {
    expect(objections({ ...good, noise: Number.NaN }, pack)).toHaveLength(1)
  })
})

describe('a pack that was optimised', () => {
  it('lists the int8 recogniser with what was found, keeps its model id, and may be optimised again', async () => {
    const { dataDir, pack } = await packWith(convolutional(1))
    const request = { dataDir, faces, origin: 'enrolled', openModel: openNetwork, onProgress: () => {} } as const
    const { test } = await optimisePack({ ...request, pack, cpuMs: clockOf(10, 5) })
    const after = await openPack(dataDir, 'lab')
    expect(after.manifest.modelId).toBe(pack.manifest.modelId)
    expect(after.manifest.int8).toEqual({ file: 'recogniser-int8.onnx', faces: 'enrolled', selfTest: test })
    expect(test).toMatchObject({ cpuMs: 5, cpuMsFloat32: 10 })
    expect(after.manifest.files.map(({ name }) => name)).toEqual([
      'detector.onnx',
      'recogniser.onnx',
      'recogniser-int8.onnx',
    ])
    await optimisePack({ ...request, pack: after, faces: [] })
    const again = await openPack(dataDir, 'lab')
    expect(again.manifest).toEqual(pack.manifest)
    expect(await readdir(again.folder)).not.toContain('recogniser-int8.onnx')
  })
})
