import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenPack } from '../../src/domain/pack.ts'
import { openNetwork } from '../../src/extraction/inference/network.ts'
import { createOnnxCodec } from '../../src/models/onnx/codec.ts'
import { tryInt8 } from '../../src/models/optimise/try-int8.ts'
import { openPack } from '../../src/models/packs/open-pack.ts'
import { writePack } from '../../src/models/packs/write-pack.ts'
import { quantiseGraph } from '../../src/models/quantise/quantise-graph.ts'

const FACES = 24
const FILE = 'recogniser-int8.onnx'

/**
 * Gives a pack of random weights the int8 recogniser that one of trained weights gets, made by the same code. The
 * self-test refuses it, as random weights tell no two pictures apart; but what it costs does not depend on their values,
 * so here it is taken all the same.
 */
export async function withInt8(dataDir: string, pack: OpenPack): Promise<OpenPack> {
  const { format: _, files: listed, ...manifest } = pack.manifest
  const { recogniser } = manifest
  const side = recogniser.inputSize
  const faces = Array.from({ length: FACES }, () =>
    Float32Array.from({ length: 3 * side ** 2 }, () => 2 * Math.random() - 1),
  )
  const exact = await readFile(join(pack.folder, recogniser.file))
  const { test } = await tryInt8({
    ...{ exact, recogniser, pack: manifest, faces },
    ...{ openModel: openNetwork, onProgress: () => {} },
  })
  if (test === null) throw new Error('the int8 recogniser could not be tried')
  const codec = createOnnxCodec()
  const views = faces.map((data) => ({ data, dims: [1, 3, side, side] }))
  const graph = await quantiseGraph(codec.decode(exact), views, openNetwork)
  if (graph === null) throw new Error('the recogniser holds nothing that can be computed in integers')
  const files = await Promise.all(
    listed.map(async ({ name }) => ({ name, bytes: await readFile(join(pack.folder, name)) })),
  )
  const int8 = { file: FILE, faces: 'samples', selfTest: test } as const
  const content = { manifest: { ...manifest, int8 }, files: [...files, { name: FILE, bytes: codec.encode(graph) }] }
  await writePack(dataDir, content, async () => 'replace')
  return await openPack(dataDir, manifest.name)
}
