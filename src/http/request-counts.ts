import type { FastifyRateLimitStore } from '@fastify/rate-limit'

/** Addresses that are counted at one time; the one whose window began first is forgotten first. */
const ADDRESSES_MAX = 20_000
const MINUTE_MS = 60_000

interface Window {
  readonly beganMs: number
  count: number
}

/**
 * Counts requests in windows of time on a clock that only goes forward: whoever was counted before the machine's clock
 * was set back need not wait until that time comes again.
 */
export class RequestCounts implements FastifyRateLimitStore {
  readonly #windows = new Map<string, Window>()

  incr(
    key: string,
    callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
    windowMs = MINUTE_MS,
  ): void {
    const nowMs = performance.now()
    let window = this.#windows.get(key)
    if (window === undefined || nowMs - window.beganMs >= windowMs) {
      window = { beganMs: nowMs, count: 0 }
      // Taken out first, so that it is the last in order.
      this.#windows.delete(key)
      this.#windows.set(key, window)
      this.#forgetFirst()
    }
    window.count++
    callback(null, { current: window.count, ttl: windowMs - (nowMs - window.beganMs) })
  }

  child(): RequestCounts {
    return new RequestCounts()
  }

  #forgetFirst(): void {
    if (this.#windows.size <= ADDRESSES_MAX) return
    const [first] = this.#windows.keys()
    if (first !== undefined) this.#windows.delete(first)
  }
}
