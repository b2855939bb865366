/** Bins per doubling: a quantile is off by half a bin at most, 2.2 %. */
const BINS_PER_OCTAVE = 16
const LEAST_MS = 0.1
/** 23 doublings: to 14 minutes, longer than any request may take. */
const BINS = 23 * BINS_PER_OCTAVE

/** Durations, counted in bins that grow with them, so that histograms of different times can be added up. */
export class LatencyHistogram {
  readonly #bins = new Uint32Array(BINS)
  #count = 0

  get count(): number {
    return this.#count
  }

  record(ms: number): void {
    const bin = Math.floor(Math.log2(Math.max(ms, LEAST_MS) / LEAST_MS) * BINS_PER_OCTAVE)
    const index = Math.min(bin, BINS - 1)
    this.#bins[index] = (this.#bins[index] ?? 0) + 1
    this.#count++
  }

  add(other: LatencyHistogram): void {
    for (const [index, count] of other.#bins.entries())
      if (count > 0) this.#bins[index] = (this.#bins[index] ?? 0) + count
    this.#count += other.#count
  }

  /** The duration that the share (0 to 1) of all did not exceed; null where nothing was recorded. */
  quantile(share: number): number | null {
    if (this.#count === 0) return null
    const rank = Math.max(1, Math.ceil(share * this.#count))
    let seen = 0
    const bin = this.#bins.findIndex((count) => {
      seen += count
      return seen >= rank
    })
    return LEAST_MS * 2 ** ((bin + 0.5) / BINS_PER_OCTAVE)
  }
}
