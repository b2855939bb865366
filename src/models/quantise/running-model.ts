import type { ModelTensor } from '../insightface/check-by-running.ts'

/** A model that is loaded once and run often. */
export interface RunningModel {
  /** One tensor per input; answers one per output in the graph's order. */
  run(inputs: readonly ModelTensor[]): Promise<readonly ModelTensor[]>
  release(): Promise<void>
}

/** Loads a model, given as the bytes of its file. */
export type OpenModel = (model: Uint8Array) => Promise<RunningModel>

/** Lets the model go, come what may. */
export async function withModel<T>(
  open: OpenModel,
  bytes: Uint8Array,
  act: (model: RunningModel) => Promise<T>,
): Promise<T> {
  const model = await open(bytes)
  try {
    return await act(model)
  } finally {
    await model.release()
  }
}
