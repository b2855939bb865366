import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FloatTensor, type Network, openNetwork } from '../../extraction/inference/network.ts'
import { convertNetwork } from '../default-pack/convert-network.ts'
import { readNetworkSources } from '../default-pack/sources.ts'
import { createOnnxCodec } from '../onnx/codec.ts'

/** What the original runtime answered; `scripts/golden-models.mjs` writes it. */
interface Golden {
  cases: { blocks: string; networks: Record<string, Record<string, GoldenOutput>> }[]
}
interface GoldenOutput {
  length: number
  stride: number
  values: number[]
  norm: number
  largest: number
}

const BLOCKS = 16

const NETWORKS = [
  {
    network: 'blazeface',
    side: 256,
    layout: 'NHWC',
    normalise: (x: number) => x / 127.5 - 1,
    /** Largest difference allowed, as a share of the output's largest value. */
    tolerance: () => 1e-5,
  },
  {
    network: 'facemesh',
    side: 192,
    layout: 'NHWC',
    normalise: (x: number) => x / 255,
    // The flag is a sigmoid near 0 here, where one part in 100 is one in 1,000 of what goes into it.
    tolerance: (output: string) => (output === 'Identity_1' ? 2e-2 : 1e-5),
  },
  {
    network: 'dlib-resnet',
    side: 150,
    layout: 'NCHW',
    normalise: (x: number, channel: number) => (x - ([122.782, 117.001, 104.298][channel] ?? 0)) / 255,
    tolerance: () => 5e-6,
  },
] as const

const golden: Golden = JSON.parse(await readFile(new URL('./golden.json', import.meta.url), 'utf8'))

/** The script's picture: blocks of one colour, enlarged to the network's input. */
function picture(blocks: string, network: (typeof NETWORKS)[number]): Float32Array {
  const { side, layout } = network
  const colours = Buffer.from(blocks, 'base64')
  const values = new Float32Array(side * side * 3)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const block = Math.floor((y * BLOCKS) / side) * BLOCKS + Math.floor((x * BLOCKS) / side)
      for (let channel = 0; channel < 3; channel++) {
        const pixel = y * side + x
        const index = layout === 'NHWC' ? pixel * 3 + channel : channel * side * side + pixel
        values[index] = network.normalise(colours[block * 3 + channel] ?? 0, channel)
      }
    }
  }
  return values
}

function worstDifference(output: FloatTensor, image: number, expected: GoldenOutput): number {
  const values = output.data.subarray(image * expected.length, (image + 1) * expected.length)
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
  const differences = expected.values.map((value, i) => Math.abs(value - (values[i * expected.stride] ?? Number.NaN)))
  return Math.max(...differences, Math.abs(norm - expected.norm) / Math.sqrt(expected.length)) / expected.largest
}

describe.each(NETWORKS)('$network as ONNX answers what the original does', (spec) => {
  let opened: Network

  beforeAll(async () => {
    const source = (await readNetworkSources()).find(({ network }) => network === spec.network)
    if (source === undefined) throw new Error(`${spec.network} is not among the sources`)
    opened = await openNetwork(createOnnxCodec().encode(convertNetwork(source)))
  })
  afterAll(() => opened.release())

  const run = (images: Float32Array[]) => {
    const { side, layout } = spec
    const data = new Float32Array(images.length * side * side * 3)
    images.forEach((image, i) => {
      data.set(image, i * image.length)
    })
    const dims = layout === 'NHWC' ? [images.length, side, side, 3] : [images.length, 3, side, side]
    return opened.run([{ data, dims }])
  }

  it.each(golden.cases.map((_, i) => i))('image %i alone', async (image) => {
    const expected = golden.cases[image]
    if (expected === undefined) throw new Error('no such image')
    const outputs = await run([picture(expected.blocks, spec)])
    expect(opened.outputs.map(({ name }) => name)).toEqual(Object.keys(expected.networks[spec.network] ?? {}))
    for (const [i, [name, numbers]] of Object.entries(expected.networks[spec.network] ?? {}).entries()) {
      const output = outputs[i]
      expect(output?.data.length, name).toBe(numbers.length)
      if (output !== undefined) expect(worstDifference(output, 0, numbers), name).toBeLessThan(spec.tolerance(name))
    }
  })

  it('both images in one batch', async () => {
    const outputs = await run(golden.cases.map(({ blocks }) => picture(blocks, spec)))
    for (const [image, { networks }] of golden.cases.entries()) {
      for (const [i, [name, numbers]] of Object.entries(networks[spec.network] ?? {}).entries()) {
        const output = outputs[i]
        expect(output?.data.length, name).toBe(numbers.length * golden.cases.length)
        if (output !== undefined)
          expect(worstDifference(output, image, numbers), name).toBeLessThan(spec.tolerance(name))
      }
    }
  })
})
