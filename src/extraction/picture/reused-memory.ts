/**
 * An array of any length wanted, always in the same memory: valid until the next is asked for, and not cleared. What
 * is made anew for each photo stays until the garbage collector comes, which reckons with small objects only; that is
 * tens of megabytes a worker, and a fifth of its time.
 */
export type ReusedMemory<T> = (length: number) => T

export function reusedBytes(): ReusedMemory<Uint8Array> {
  return reused((length) => new Uint8Array(length))
}

export function reusedFloats(): ReusedMemory<Float32Array> {
  return reused((length) => new Float32Array(length))
}

function reused<T extends { readonly length: number; subarray(begin: number, end: number): T }>(
  allocate: (length: number) => T,
): ReusedMemory<T> {
  let memory = allocate(0)
  return (length) => {
    if (memory.length < length) memory = allocate(length)
    return memory.length === length ? memory : memory.subarray(0, length)
  }
}
