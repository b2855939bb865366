/**
 * What faster forms of a network save: CPU-ms of a run of the graph as it was, rewritten, and in int8, on one thread, in
 * turns. Prints a table. Networks with random weights cost what trained ones do; what int8 does to templates is not
 * measured here but by "nhandien model optimise".
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { openNetwork } from '../src/extraction/inference/network.ts'
import { readTfjsModel } from '../src/models/convert/tfjs-model.ts'
import { convertTfjsModel } from '../src/models/convert/tfjs-to-onnx.ts'
import { convertNetwork } from '../src/models/default-pack/convert-network.ts'
import { readNetworkSources } from '../src/models/default-pack/sources.ts'
import { createOnnxCodec } from '../src/models/onnx/codec.ts'
import type { OnnxModel } from '../src/models/onnx/model.ts'
import { quantiseGraph } from '../src/models/quantise/quantise-graph.ts'
import { rewritePrelu } from '../src/models/rewrite/prelu.ts'
import { randomIresnet18 } from './random-iresnet.ts'

const ROUNDS = 9
const RUNS_PER_ROUND = 5
const MICROSECONDS_PER_MS = 1_000
const MOBILEFACENET = '../shared/data/models/mobilefacenet_128.onnx'

interface Measured {
  readonly name: string
  readonly model: OnnxModel
  readonly dims: readonly number[]
  /** Detectors and landmarks are left in float32: they are no recogniser. */
  readonly int8: boolean
}

const codec = createOnnxCodec()
process.stdout.write(`${cpus()[0]?.model}, Node ${process.versions.node}, one thread, ${new Date().toISOString()}\n\n`)
process.stdout.write('| network | as it was | rewritten | int8 |\n|---|---|---|---|\n')
for (const network of await networks()) process.stdout.write(`${await measure(network)}\n`)

async function networks(): Promise<Measured[]> {
  const sources = new Map((await readNetworkSources()).map((source) => [source.network, source]))
  const [facemesh, dlib] = [sources.get('facemesh'), sources.get('dlib-resnet')]
  if (facemesh === undefined || dlib === undefined) throw new Error('the networks of the default pack are missing')
  const mesh = convertTfjsModel('facemesh', readTfjsModel(facemesh.description, facemesh.weights))
  const found: Measured[] = [
    { name: 'iresnet18, random weights', model: randomIresnet18(), dims: [1, 3, 112, 112], int8: true },
    { name: 'facemesh', model: mesh, dims: [1, 192, 192, 3], int8: false },
    { name: "dlib's ResNet", model: convertNetwork(dlib), dims: [1, 3, 150, 150], int8: true },
  ]
  if (existsSync(MOBILEFACENET)) {
    const model = codec.decode(await readFile(MOBILEFACENET))
    found.push({ name: 'MobileFaceNet (no PRelu)', model, dims: [1, 3, 112, 112], int8: true })
  }
  return found
}

async function measure({ name, model, dims, int8 }: Measured): Promise<string> {
  const input = { data: Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, i) => Math.sin(i)), dims }
  const rewritten = rewritePrelu(model)
  const quantised = int8 ? await quantiseGraph(rewritten, [input], openNetwork) : null
  const forms = [model, rewritten, ...(quantised === null ? [] : [quantised])]
  const opened = await Promise.all(forms.map((form) => openNetwork(codec.encode(form))))
  const costs: number[][] = forms.map(() => [])
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, network] of opened.entries()) {
      const began = process.cpuUsage()
      for (let run = 0; run < RUNS_PER_ROUND; run++) await network.run([input])
      const { user, system } = process.cpuUsage(began)
      // The first round warms up.
      if (round > 0) costs[index]?.push((user + system) / MICROSECONDS_PER_MS / RUNS_PER_ROUND)
    }
  }
  for (const network of opened) await network.release()
  const [before = '', after = '', integers = ''] = costs.map(median)
  return `| ${name} | ${before} | ${rewritten === model ? 'the same' : after} | ${integers} |`
}

function median(values: number[]): string {
  return (values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN).toFixed(1)
}
