import { DATA_TYPE, int64ToNumber, type OnnxModel, type OnnxValueInfo } from './model.ts'

/** An input or output as the graph declares it. */
export interface DeclaredTensor {
  readonly name: string
  readonly isFloat: boolean
  /** Null where the rank is not declared; a null size is free. */
  readonly sizes: readonly (number | null)[] | null
}

export interface Signature {
  readonly inputs: readonly DeclaredTensor[]
  readonly outputs: readonly DeclaredTensor[]
}

/** What goes into a model and comes out of it. Old files list their weights among the inputs; these are left out. */
export function signatureOf(model: OnnxModel): Signature {
  const weights = new Set(model.graph?.initializer.map((tensor) => tensor.name))
  return {
    inputs: (model.graph?.input ?? []).filter(({ name }) => !weights.has(name)).map(declared),
    outputs: (model.graph?.output ?? []).map(declared),
  }
}

function declared(value: OnnxValueInfo): DeclaredTensor {
  const tensor = value.type?.tensorType
  const sizes = tensor?.shape?.dim.map((dimension) => {
    const size = int64ToNumber(dimension.dimValue ?? 0)
    return size > 0 ? size : null
  })
  return { name: value.name, isFloat: tensor?.elemType === DATA_TYPE.float, sizes: sizes ?? null }
}
