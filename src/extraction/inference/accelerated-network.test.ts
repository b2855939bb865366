import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { listSupportedBackends } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PICTURE_KERNEL } from '../../../test/extraction/picture-kernel.ts'
import { installedData } from '../../../test/models/installed-data.ts'
import { ServerMisconfigured } from '../../domain/errors.ts'
import { EXECUTION_PROVIDERS } from '../../domain/execution-provider.ts'
import { installDefaultPack } from '../../models/default-pack/default-pack.ts'
import { createExtractorPool } from '../pool/extractor-pool.ts'
import { type Accelerator, openAcceleratedNetwork } from './accelerated-network.ts'

const WORKER_URL = new URL('../../../dist/extraction/pool/worker.js', import.meta.url)
const LIBRARY = join(
  dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')),
  'bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so',
)

const has = new Set(listSupportedBackends().map(({ name }) => name))
const accelerators = EXECUTION_PROVIDERS.filter((name) => name !== 'cpu')
const foreign = accelerators.filter((name) => !has.has(name))
/** In ONNX Runtime, while the library that it loads is not fetched by npm. */
const unfetched = accelerators.filter((name) => name === 'cuda' && has.has(name) && !existsSync(LIBRARY))

let dataDir: string
let pack: Awaited<ReturnType<typeof installDefaultPack>>
beforeAll(async () => {
  dataDir = await installedData('nhandien-accelerated-')
  pack = await installDefaultPack(dataDir)
})
afterAll(async () => await rm(dataDir, { recursive: true }))

const refusal = async (provider: Accelerator) =>
  await openAcceleratedNetwork(join(pack.folder, 'blazeface.onnx'), provider, 256).then(
    () => expect.unreachable(),
    (error: unknown) => error,
  )

describe('an execution provider', () => {
  it.each(foreign)('%s is refused where ONNX Runtime was built without it', async (provider) => {
    const error = await refusal(provider)
    expect(error).toBeInstanceOf(ServerMisconfigured)
    expect(String(error)).toMatch(`EXECUTION_PROVIDER=${provider} is not in ONNX Runtime for ${process.platform}`)
  })

  it.each(unfetched)('%s is refused where its library is missing, with how to fetch it', async (provider) => {
    const error = await refusal(provider)
    expect(error).toBeInstanceOf(ServerMisconfigured)
    expect(String(error)).toMatch(/EXECUTION_PROVIDER=cuda cannot be used.*ONNXRUNTIME_NODE_INSTALL=true node /s)
  })

  it.each([...foreign, ...unfetched])('%s ends the start of the workers in the same words', async (provider) => {
    const opening = createExtractorPool({
      workerUrl: WORKER_URL,
      workers: 2,
      photoMsMax: 20_000,
      queue: { photosMax: 10, bytesMax: 1_000, ageMsMax: 20_000 },
      setup: {
        ...pack,
        executionProvider: provider,
        pictureKernel: PICTURE_KERNEL,
        mirrorProbes: true,
        int8Probes: false,
        embeddedFacesMax: 1,
        decodeLimits: { bytesMax: 1_000, pixelsMax: 1_000, secondsMax: 1 },
      },
    })
    await expect(opening).rejects.toThrow(ServerMisconfigured)
    await expect(opening).rejects.toThrow(`EXECUTION_PROVIDER=${provider}`)
  })
})
