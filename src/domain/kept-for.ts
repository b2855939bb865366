/** Whoever asks within so many milliseconds of the last reading is told the same; while it is read, all wait for it. */
export function keptFor<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  let last: { readonly atMs: number; readonly value: Promise<T> } | null = null
  return () => {
    const nowMs = performance.now()
    if (last === null || nowMs - last.atMs >= ms) last = { atMs: nowMs, value: read() }
    return last.value
  }
}
