import type { ModelTensor } from '../insightface/check-by-running.ts'
import { createOnnxCodec } from '../onnx/codec.ts'
import { DATA_TYPE, type OnnxModel } from '../onnx/model.ts'
import { type OpenModel, withModel } from './running-model.ts'

/** Least and greatest of what a value took; always with 0 in between, which paddings hold. */
export interface ValueRange {
  readonly low: number
  readonly high: number
}

/**
 * What the values of a graph range over when it is run on examples. Clipping the rarest per mille, or averaging over the
 * examples, made templates worse when it was measured, so these are the extremes.
 *
 * @param names of values; those that the graph does not answer already are made answers for this
 * @param onExample called after each example
 */
export async function activationRanges(
  model: OnnxModel,
  names: readonly string[],
  examples: readonly ModelTensor[],
  openModel: OpenModel,
  onExample: () => void,
): Promise<ReadonlyMap<string, ValueRange>> {
  const { graph } = model
  if (!graph) return new Map()
  const inputs = new Set(graph.input.map(({ name }) => name))
  const observed = names.filter((name) => !inputs.has(name))
  const output = observed.map((name) => ({ name, type: { tensorType: { elemType: DATA_TYPE.float } } }))
  const bytes = createOnnxCodec().encode({ ...model, graph: { ...graph, output } })
  const ranges = new Map(names.map((name) => [name, { low: 0, high: 0 }]))
  await withModel(openModel, bytes, async (running) => {
    for (const example of examples) {
      const values = await running.run([example])
      observed.forEach((name, index) => {
        widen(ranges, name, values[index]?.data)
      })
      for (const name of names) if (inputs.has(name)) widen(ranges, name, example.data)
      onExample()
    }
  })
  return ranges
}

function widen(ranges: Map<string, ValueRange>, name: string, values: Float32Array = new Float32Array()): void {
  let { low, high } = ranges.get(name) ?? { low: 0, high: 0 }
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  ranges.set(name, { low, high })
}
