import { InferenceSession, Tensor } from 'onnxruntime-node'

/** float32 values in row-major order. */
export interface FloatTensor {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

/** An input or output as the graph declares it; null is a dimension that may vary. */
export interface TensorSlot {
  readonly name: string
  readonly dims: readonly (number | null)[]
}

/** A loaded model. It belongs to the thread that opened it. */
export interface Network {
  readonly inputs: readonly TensorSlot[]
  readonly outputs: readonly TensorSlot[]
  /** One tensor per input, in the order of `inputs`; answers one per output, in the order of `outputs`. Blocks. */
  run(inputs: readonly FloatTensor[]): Promise<readonly FloatTensor[]>
  release(): Promise<void>
}

/** ONNX Runtime's level for errors; its warnings are about graphs, which users can't change. */
const LOG_ERRORS_ONLY = 3

/** One thread a session, because workers run side by side; more would oversubscribe the CPUs. */
export const SESSION_OPTIONS = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: LOG_ERRORS_ONLY,
} as const satisfies InferenceSession.SessionOptions

/**
 * @param model path of an ONNX file, or its bytes
 * @throws Error of ONNX Runtime when the graph can't be loaded, or has inputs or outputs that are not float32
 */
export async function openNetwork(model: string | Uint8Array): Promise<Network> {
  const session =
    typeof model === 'string'
      ? await InferenceSession.create(model, SESSION_OPTIONS)
      : await InferenceSession.create(model, SESSION_OPTIONS)
  return await networkOf(session)
}

/**
 * @param model path of an ONNX file that is fitted to this CPU already
 * @throws as `openNetwork`
 */
export async function openOptimisedNetwork(model: string): Promise<Network> {
  return await networkOf(
    await InferenceSession.create(model, { ...SESSION_OPTIONS, graphOptimizationLevel: 'disabled' }),
  )
}

/** The session becomes the network's; it is released where it is of no use. */
export async function networkOf(session: InferenceSession): Promise<Network> {
  try {
    return network(session)
  } catch (error) {
    await session.release()
    throw error
  }
}

/**
 * Opens a model, runs it once and lets it go: how a pack is checked before it is trusted.
 *
 * @throws Error of ONNX Runtime
 */
export async function runOnce(
  model: string | Uint8Array,
  inputs: readonly FloatTensor[],
): Promise<readonly FloatTensor[]> {
  const once = await openNetwork(model)
  try {
    return await once.run(inputs)
  } finally {
    await once.release()
  }
}

function network(session: InferenceSession): Network {
  const inputs = session.inputMetadata.map(slot)
  const outputs = session.outputMetadata.map(slot)
  return {
    inputs,
    outputs,
    async run(tensors) {
      const feeds: Record<string, Tensor> = {}
      inputs.forEach((input, index) => {
        const tensor = tensors[index]
        if (tensor === undefined) throw new Error(`The model's input ${input.name} was not given`)
        feeds[input.name] = new Tensor('float32', tensor.data, tensor.dims)
      })
      const results = await session.run(feeds)
      return outputs.map(({ name }) => {
        const result = results[name]
        if (!(result?.data instanceof Float32Array)) throw new Error(`The model gave no floats for ${name}`)
        return { data: result.data, dims: result.dims }
      })
    },
    release: () => session.release(),
  }
}

function slot(metadata: InferenceSession.ValueMetadata): TensorSlot {
  if (!metadata.isTensor || metadata.type !== 'float32') throw new Error(`${metadata.name} is no float32 tensor`)
  return { name: metadata.name, dims: metadata.shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : null)) }
}
