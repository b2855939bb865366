import { Refusal } from '../../domain/errors.ts'
import type { Extraction, ExtractionWish } from '../../domain/extractor.ts'

/** How much may wait for a worker. */
export interface QueueLimits {
  readonly photosMax: number
  readonly bytesMax: number
  /** Longest wait, and longest expected wait, in milliseconds. */
  readonly ageMsMax: number
}

export interface WaitingPhoto {
  readonly photo: Uint8Array<ArrayBuffer>
  readonly wish: ExtractionWish
  resolve(extraction: Extraction): void
  reject(error: Error): void
}

interface Place extends WaitingPhoto {
  readonly expiry: NodeJS.Timeout
}

/** Photos in the order in which they came, none of them longer than the limits allow. */
export class PhotoQueue {
  readonly #limits: QueueLimits
  readonly #places = new Set<Place>()
  #bytes = 0

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#places.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /**
   * @param expectedWaitMs how long the photo is likely to wait
   * @throws Refusal `overloaded` with `retryAfterSeconds`
   */
  push(waiting: WaitingPhoto, expectedWaitMs: number): void {
    const full =
      this.#places.size >= this.#limits.photosMax ||
      this.#bytes + waiting.photo.byteLength > this.#limits.bytesMax ||
      expectedWaitMs > this.#limits.ageMsMax
    if (full) throw overloaded(expectedWaitMs)
    const place: Place = {
      ...waiting,
      expiry: setTimeout(() => {
        this.#remove(place)
        waiting.reject(overloaded(this.#limits.ageMsMax))
      }, this.#limits.ageMsMax),
    }
    this.#places.add(place)
    this.#bytes += place.photo.byteLength
  }

  shift(): WaitingPhoto | undefined {
    for (const first of this.#places) {
      this.#remove(first)
      return first
    }
    return undefined
  }

  #remove(place: Place): void {
    clearTimeout(place.expiry)
    if (this.#places.delete(place)) this.#bytes -= place.photo.byteLength
  }
}

function overloaded(waitMs: number): Refusal {
  return new Refusal('overloaded', { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) })
}
