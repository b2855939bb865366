import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { InferenceSession, listSupportedBackends } from 'onnxruntime-node'
import { ServerMisconfigured } from '../../domain/errors.ts'
import type { ExecutionProvider } from '../../domain/execution-provider.ts'
import { type Network, networkOf, SESSION_OPTIONS } from './network.ts'
import { calculatedOnCpu, placedNodes } from './placement.ts'

/*
 * ONNX Runtime hands whatever a provider cannot run to the CPU and says nothing. Its option against that
 * (`session.disable_cpu_ep_fallback`) also refuses the arithmetic on sizes of tensors that providers leave to the CPU on
 * purpose, and nearly every detector has some. So each network is run once with the profiler on, which tells what ran where.
 */

export type Accelerator = Exclude<ExecutionProvider, 'cpu'>

const REMEDIES: Readonly<Record<Accelerator, string>> = {
  cuda:
    "Needed: Linux on x64, NVIDIA's driver, CUDA 12, cuDNN 9, and ONNX Runtime's CUDA library, which is fetched by " +
    'ONNXRUNTIME_NODE_INSTALL=true node node_modules/onnxruntime-node/script/install.js (docs/deploy.md).',
  webgpu:
    'Needed: a driver for Vulkan (Linux, and the Vulkan loader libvulkan1), Direct3D 12 (Windows) or Metal (macOS).',
  dml: 'Needed: Windows with a GPU and driver for Direct3D 12.',
  coreml: 'Needed: macOS.',
}

/**
 * @param model path of an ONNX file
 * @param side pixels of the square that the network is tried with, where the graph does not say
 * @throws ServerMisconfigured where the provider cannot be loaded, or would leave work to the CPU
 */
export async function openAcceleratedNetwork(model: string, provider: Accelerator, side: number): Promise<Network> {
  const folder = await mkdtemp(join(tmpdir(), 'nhandien-placement-'))
  try {
    const session = await openSession(model, provider, folder)
    const network = await networkOf(session)
    try {
      await tryOut(network, side)
      session.endProfiling()
      await refuseCpu(folder, basename(model), provider)
      return network
    } catch (error) {
      await network.release()
      throw error
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function openSession(model: string, provider: Accelerator, folder: string): Promise<InferenceSession> {
  const names = listSupportedBackends().map(({ name }) => name)
  if (!names.includes(provider))
    throw new ServerMisconfigured(
      `EXECUTION_PROVIDER=${provider} is not in ONNX Runtime for ${process.platform} ${process.arch}, which has ` +
        `${names.join(', ')}. ${REMEDIES[provider]} EXECUTION_PROVIDER=cpu runs everywhere.`,
    )
  try {
    return await InferenceSession.create(model, {
      ...SESSION_OPTIONS,
      executionProviders: [provider],
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error)
    throw new ServerMisconfigured(
      `EXECUTION_PROVIDER=${provider} cannot be used: ${reason}. ${REMEDIES[provider]} ` +
        'EXECUTION_PROVIDER=cpu runs everywhere.',
      { cause: error },
    )
  }
}

async function tryOut(network: Network, side: number): Promise<void> {
  await network.run(
    network.inputs.map((input) => {
      const dims = input.dims.map((dim, axis) => dim ?? (axis === 0 ? 1 : side))
      return { data: new Float32Array(dims.reduce((values, dim) => values * dim, 1)), dims }
    }),
  )
}

async function refuseCpu(folder: string, model: string, provider: Accelerator): Promise<void> {
  const [profile = ''] = await readdir(folder)
  const operators = calculatedOnCpu(placedNodes(await readFile(join(folder, profile), 'utf8')))
  if (operators.length > 0)
    throw new ServerMisconfigured(
      `EXECUTION_PROVIDER=${provider} would leave a part of ${model} to the CPU (${operators.join(', ')}). ` +
        'Choose another MODEL_PACK, or EXECUTION_PROVIDER=cpu.',
    )
}
