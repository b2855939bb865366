/** A list in parts of at most `size`, for statements that may not grow without bound. */
export function* inPieces<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size)
}
