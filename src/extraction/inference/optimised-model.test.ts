import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { installedData } from '../../../test/models/installed-data.ts'
import { installDefaultPack } from '../../models/default-pack/default-pack.ts'
import { openNetwork, openOptimisedNetwork } from './network.ts'
import { optimisedModel } from './optimised-model.ts'

let dataDir: string
let folder: string
let model: string
let sha256: string

beforeAll(async () => {
  dataDir = await installedData('nhandien-optimised-')
  const pack = await installDefaultPack(dataDir)
  model = join(pack.folder, 'blazeface.onnx')
  sha256 = createHash('sha256')
    .update(await readFile(model))
    .digest('hex')
})

beforeEach(async () => {
  folder = await mkdtemp(join(dataDir, 'optimised-'))
})

afterAll(async () => {
  await rm(dataDir, { recursive: true })
})

describe('optimisedModel', () => {
  it('answers as the model does', async () => {
    const input = { data: Float32Array.from({ length: 256 * 256 * 3 }, (_, i) => Math.sin(i)), dims: [1, 256, 256, 3] }
    const optimised = await optimisedModel(model, sha256, folder)
    const networks = [await openNetwork(model), await openOptimisedNetwork(optimised ?? '')]
    const [plain = [], fitted = []] = await Promise.all(networks.map((network) => network.run([input])))
    for (const network of networks) await network.release()
    expect(fitted.map(({ dims }) => dims)).toEqual(plain.map(({ dims }) => dims))
    fitted.forEach(({ data }, output) => {
      data.forEach((value, index) => {
        expect(value).toBeCloseTo(plain[output]?.data[index] ?? Number.NaN, 3)
      })
    })
  })

  it('is made once, by however many ask at once', async () => {
    const places = await Promise.all([1, 2, 3].map(() => optimisedModel(model, sha256, folder)))
    expect(new Set(places).size).toBe(1)
    expect(await readdir(folder)).toHaveLength(1)
  })

  it.each([
    ['a graph that was cut short', 'model.onnx', (bytes: Buffer) => bytes.subarray(0, 1_000)],
    ['a weight that was altered', 'weights', (bytes: Buffer) => bytes.fill((bytes[5_000] ?? 0) ^ 1, 5_000, 5_001)],
  ])('is made again after %s', async (_, file, damage) => {
    const place = join((await optimisedModel(model, sha256, folder)) ?? '', '..')
    const noted = await readFile(join(place, 'sha256'), 'utf8')
    await writeFile(join(place, file), damage(await readFile(join(place, file))))
    expect(await checksum(place)).not.toBe(noted)
    await optimisedModel(model, sha256, folder)
    expect(await checksum(place)).toBe(await readFile(join(place, 'sha256'), 'utf8'))
  })

  it('is done without where it cannot be kept', async () => {
    await writeFile(join(folder, 'a-file'), '')
    expect(await optimisedModel(model, sha256, join(folder, 'a-file', 'inside'))).toBeNull()
  })
})

async function checksum(place: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['model.onnx', 'weights']) hash.update(await readFile(join(place, file)))
  return hash.digest('hex')
}
