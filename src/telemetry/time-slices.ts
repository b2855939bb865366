export interface Slice<T> {
  readonly startMs: number
  readonly value: T
}

/** Time in slices of equal width, of which only the newest are kept. Times are milliseconds of a clock that never jumps. */
export class TimeSlices<T> {
  readonly widthMs: number
  readonly #keep: number
  readonly #make: () => T
  #slices: Slice<T>[] = []

  constructor(widthMs: number, keep: number, make: () => T) {
    this.widthMs = widthMs
    this.#keep = keep
    this.#make = make
  }

  /** What is kept for the slice that the time is in. */
  at(nowMs: number): T {
    const startMs = nowMs - (nowMs % this.widthMs)
    const newest = this.#slices.at(-1)
    if (newest?.startMs === startMs) return newest.value
    const value = this.#make()
    this.#slices = [...this.recent(nowMs, this.#keep), { startMs, value }]
    return value
  }

  /** Of the newest slices that the time is in or after, as many as there are; oldest first, those without content left out. */
  recent(nowMs: number, count: number): readonly Slice<T>[] {
    const oldestMs = nowMs - (nowMs % this.widthMs) - (count - 1) * this.widthMs
    return this.#slices.filter(({ startMs }) => startMs >= oldestMs)
  }
}
