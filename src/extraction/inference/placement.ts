/** A node of a graph as it ran. */
export interface PlacedNode {
  readonly operator: string
  /** As ONNX Runtime calls it in profiles, such as `CPUExecutionProvider`. */
  readonly provider: string
  /** Values in its largest output. */
  readonly values: number
}

const CPU = 'CPUExecutionProvider'
/** Arithmetic on the sizes of tensors stays on the CPU by design, and has a few values; a picture has thousands. */
const SIZE_VALUES_MAX = 64

/** The nodes that a profile of ONNX Runtime tells of. @throws Error when it is no such profile */
export function placedNodes(profile: string): readonly PlacedNode[] {
  const events: unknown = JSON.parse(profile)
  if (!Array.isArray(events)) throw new Error('ONNX Runtime wrote a profile that is no list of events')
  const nodes = events.flatMap((event: { cat?: unknown; args?: Record<string, unknown> }) => {
    if (event.cat !== 'Node' || event.args === undefined) return []
    const { op_name: operator, provider, output_type_shape: outputs } = event.args
    if (typeof operator !== 'string' || typeof provider !== 'string') return []
    return [{ operator, provider, values: Array.isArray(outputs) ? Math.max(0, ...outputs.map(valuesIn)) : 0 }]
  })
  if (nodes.length === 0) throw new Error('ONNX Runtime wrote a profile without nodes')
  return nodes
}

/** Operators that calculated on the CPU, each once. */
export function calculatedOnCpu(nodes: readonly PlacedNode[]): readonly string[] {
  const those = nodes.filter(({ provider, values }) => provider === CPU && values > SIZE_VALUES_MAX)
  return [...new Set(those.map(({ operator }) => operator))].sort()
}

/** @param output such as `{ "float": [1, 64, 56, 56] }` */
function valuesIn(output: unknown): number {
  const [dims]: unknown[] = Object.values(output ?? {})
  return Array.isArray(dims) ? dims.reduce((values: number, dim) => values * Number(dim), 1) : 0
}
