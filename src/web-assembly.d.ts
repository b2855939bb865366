/** The part of the WebAssembly interface that the kernels use; Node has it, TypeScript declares it for browsers only. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Memory {
    constructor(size: { initial: number; maximum: number; shared: true })
    readonly buffer: SharedArrayBuffer
    /** Pages of 64 KiB to add; the pages there were before. Throws RangeError when there is no room. */
    grow(pages: number): number
  }
  class Instance {
    constructor(module: Module, imports?: { env: { memory: Memory } })
    readonly exports: Readonly<Record<string, unknown>>
  }
  function validate(bytes: Uint8Array): boolean
}
