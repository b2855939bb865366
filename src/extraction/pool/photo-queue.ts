import { Refusal } from '../../domain/errors.ts'
import type { Extraction, ExtractionWish } from '../../domain/extractor.ts'

/** How much may wait for a worker. */
export interface QueueLimits {
  readonly photosMax: number
  readonly bytesMax: number
  /** Longest wait, in milliseconds; what is expected to come near to it is refused at once. */
  readonly ageMsMax: number
}

export interface WaitingPhoto {
  readonly photo: Uint8Array<ArrayBuffer>
  readonly wish: ExtractionWish
  /** When it came, in milliseconds of `performance.now()`. */
  readonly sinceMs: number
  /** Whether a worker went away over it before. */
  readonly isSecondTry: boolean
  resolve(extraction: Extraction): void
  reject(error: Error): void
}

/**
 * Of the longest wait: how long a photo may be expected to wait. A photo that is let in and refused after all is the worst
 * of both, so there is room for what nobody can expect: others who come later and take turns, and slower photos.
 */
const EXPECTED_SHARE_MAX = 0.5
/** Whoever has waited for so many photos' time loses little by the time of one more. */
const PATIENT_AFTER_PHOTOS = 2
/** Nobody but one caller had a turn for so long: two of that caller's photos at once keep nobody else waiting. */
const ONE_CALLER_MS = 1_000
/** How much the newest of the times between two turns counts. */
const TURN_WEIGHT = 0.2

interface Place extends WaitingPhoto {
  readonly line: Line
  readonly expiry: NodeJS.Timeout
}

/** What waits of one caller, in the order in which it came. */
class Line extends Set<Place> {
  #turnMs = 0
  #turnAtMs: number | null = null

  /** Between two turns of late, or since the last one where that is longer already; 0 before the first. */
  get turnMs(): number {
    return this.#turnAtMs === null ? 0 : Math.max(this.#turnMs, performance.now() - this.#turnAtMs)
  }

  noteTurn(): void {
    const nowMs = performance.now()
    if (this.#turnAtMs !== null) {
      const ms = nowMs - this.#turnAtMs
      this.#turnMs += this.#turnMs === 0 ? ms : TURN_WEIGHT * (ms - this.#turnMs)
    }
    this.#turnAtMs = nowMs
  }
}

/**
 * Photos that wait, within limits. Callers take turns, however much each has sent; and where there is no more room,
 * whoever holds the most of it gives way to those who hold less.
 */
export class PhotoQueue {
  readonly #limits: QueueLimits
  /** By caller; the one whose turn it is comes first. Nobody without photos is in it. */
  readonly #lines = new Map<string, Line>()
  /** Photos that were begun once already. */
  readonly #again = new Line()
  #size = 0
  #bytes = 0
  #lastCaller: string | null = null
  #callersChangedAtMs = Number.NEGATIVE_INFINITY

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How many photos would be taken before a new one of the caller. */
  ahead(caller = ''): number {
    const own = this.#lines.get(caller)?.size ?? 0
    let sum = this.#again.size + own
    for (const [other, line] of this.#lines) if (other !== caller) sum += Math.min(line.size, own + 1)
    return sum
  }

  /** How long the turns would take that a new photo of the caller has to wait for, as turns came of late. */
  turnsMs(caller = ''): number {
    const line = this.#lines.get(caller)
    return line === undefined ? 0 : line.size * line.turnMs
  }

  /**
   * Whether there would be room for a photo of the caller.
   * @param expectedWaitMs how long it is likely to wait
   * @throws Refusal `overloaded` with `retryAfterSeconds`
   */
  check(bytes: number, caller: string | undefined, expectedWaitMs: number): void {
    this.#makeRoom(bytes, caller, expectedWaitMs)
  }

  /**
   * @param expectedWaitMs how long the photo is likely to wait
   * @throws Refusal `overloaded` with `retryAfterSeconds`
   */
  push(waiting: WaitingPhoto, expectedWaitMs: number): void {
    const { caller = '' } = waiting.wish
    for (const place of this.#makeRoom(waiting.photo.byteLength, caller, expectedWaitMs)) {
      this.#remove(place)
      place.reject(overloaded('gave-way', expectedWaitMs))
    }
    const line = this.#lines.get(caller) ?? new Line()
    this.#lines.set(caller, line)
    this.#add(waiting, line)
  }

  /** Takes a photo back whose worker went away; it comes before all others. */
  putBack(waiting: WaitingPhoto): void {
    this.#add({ ...waiting, isSecondTry: true }, this.#again)
  }

  /** @param fits whether the next photo is wanted; it stays where it is if not */
  shift(fits: (next: WaitingPhoto) => boolean = () => true): WaitingPhoto | undefined {
    for (const first of this.#again) return fits(first) ? this.#take(first) : undefined
    for (const [caller, line] of this.#lines) {
      const [first] = line
      if (first === undefined || !fits(first)) return undefined
      // To the end: the next turn is somebody else's.
      this.#lines.delete(caller)
      this.#lines.set(caller, line)
      line.noteTurn()
      if (this.#lastCaller !== null && caller !== this.#lastCaller) this.#callersChangedAtMs = performance.now()
      this.#lastCaller = caller
      return this.#take(first)
    }
    return undefined
  }

  /**
   * The photo whose turn it is, and the next one with it where so many wait besides the first, both are to be searched
   * with and have waited for a while, and no other caller's next turn comes later by it.
   *
   * @param photoMs what a photo takes
   */
  shiftTogether(besidesMin: number, photoMs: number): readonly WaitingPhoto[] {
    const first = this.shift()
    if (first === undefined) return []
    const nowMs = performance.now()
    const isPatient = ({ wish, sinceMs, isSecondTry }: WaitingPhoto) =>
      wish.purpose === 'probe' && !isSecondTry && nowMs - sinceMs >= PATIENT_AFTER_PHOTOS * photoMs
    if (this.#size < besidesMin || !isPatient(first)) return [first]
    const isOneCaller = nowMs - this.#callersChangedAtMs >= ONE_CALLER_MS
    const second = this.shift((next) => isPatient(next) && (isOneCaller || next.wish.caller !== first.wish.caller))
    return second === undefined ? [first] : [first, second]
  }

  /** The places that have to be given up for a photo of the caller; none where there is room. */
  #makeRoom(bytes: number, caller = '', expectedWaitMs: number): readonly Place[] {
    const { photosMax, bytesMax, ageMsMax } = this.#limits
    if (expectedWaitMs > EXPECTED_SHARE_MAX * ageMsMax) throw overloaded('long-wait', expectedWaitMs)
    if (bytes > bytesMax) throw overloaded('queue-full', expectedWaitMs)
    const isFull = (photos: number, held: number) => photos >= photosMax || held + bytes > bytesMax
    if (!isFull(this.#size, this.#bytes)) return []
    const [longest = []] = [...this.#lines.values()].sort((a, b) => b.size - a.size)
    const newestFirst = [...longest].reverse()
    const spared = (this.#lines.get(caller)?.size ?? 0) + 1
    const givenUp: Place[] = []
    let held = this.#bytes
    for (const place of newestFirst.slice(0, Math.max(0, newestFirst.length - spared))) {
      givenUp.push(place)
      held -= place.photo.byteLength
      if (!isFull(this.#size - givenUp.length, held)) return givenUp
    }
    throw overloaded('queue-full', expectedWaitMs)
  }

  #add(waiting: WaitingPhoto, line: Line): void {
    const place: Place = {
      ...waiting,
      line,
      expiry: setTimeout(() => {
        this.#remove(place)
        waiting.reject(overloaded('waited-too-long', this.#limits.ageMsMax))
      }, this.#limits.ageMsMax),
    }
    line.add(place)
    this.#size++
    this.#bytes += place.photo.byteLength
  }

  #take(place: Place): WaitingPhoto {
    this.#remove(place)
    const { photo, wish, sinceMs, isSecondTry, resolve, reject } = place
    return { photo, wish, sinceMs, isSecondTry, resolve, reject }
  }

  #remove(place: Place): void {
    const { line, expiry, photo, wish } = place
    clearTimeout(expiry)
    if (!line.delete(place)) return
    this.#size--
    this.#bytes -= photo.byteLength
    const caller = wish.caller ?? ''
    if (line.size === 0 && this.#lines.get(caller) === line) this.#lines.delete(caller)
  }
}

/** The first two are said before a photo waits, the last two after it did. */
type OverloadReason = 'long-wait' | 'queue-full' | 'gave-way' | 'waited-too-long'

function overloaded(reason: OverloadReason, waitMs: number): Refusal {
  return new Refusal('overloaded', { reason, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) })
}
