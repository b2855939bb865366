/** Comparison scores in rising order. */
export interface ScoreSet {
  /** Of two photos of one person. */
  readonly genuine: Float64Array
  /** Of photos of two people. */
  readonly impostor: Float64Array
}

export function scoreSet(genuine: Iterable<number>, impostor: Iterable<number>): ScoreSet {
  return { genuine: Float64Array.from(genuine).sort(), impostor: Float64Array.from(impostor).sort() }
}

/** How many of the rising scores lie above the threshold; a match is a score above it, not one that equals it. */
export function countAbove(sorted: Float64Array, threshold: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at(sorted, middle) > threshold) high = middle
    else low = middle + 1
  }
  return sorted.length - low
}

/**
 * The value below which the part `p` of the rising scores lies, linear between two of them (type 7 of Hyndman and Fan,
 * "Sample quantiles in statistical packages", 1996).
 * @returns null without scores
 */
export function quantile(sorted: Float64Array, p: number): number | null {
  if (sorted.length === 0) return null
  const position = p * (sorted.length - 1)
  const below = Math.floor(position)
  const start = at(sorted, below)
  const end = at(sorted, Math.min(below + 1, sorted.length - 1))
  return start + (end - start) * (position - below)
}

/** An element that is known to be there. */
export function at(sorted: Float64Array, index: number): number {
  const value = sorted[index]
  if (value === undefined) throw new RangeError(`There is no score ${index} of ${sorted.length}`)
  return value
}
