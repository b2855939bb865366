/** What networks may run on, as ONNX Runtime names it: the CPU, or a GPU by way of one of the others. */
export const EXECUTION_PROVIDERS = ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const

export type ExecutionProvider = (typeof EXECUTION_PROVIDERS)[number]
