/**
 * Losses without a photo done in between from which on workers count as failing, and are waited with before others are
 * tried. One bad photo makes two.
 */
const LOOP_MIN = 5
/** Without any loss for so long they count as sound again, or a server that is unready would stay so for want of photos. */
const FORGOTTEN_MS = 60_000
const RESTART_DELAY_MS = { first: 500, max: 30_000 }

/** How workers were lost of late: crashed, hung, or not even started. */
export class Losses {
  #inARow = 0
  #lastAtMs = Number.NEGATIVE_INFINITY

  note(): void {
    this.#inARow++
    this.#lastAtMs = performance.now()
  }

  /** A worker has done a photo. */
  forget(): void {
    this.#inARow = 0
  }

  /** Whether workers are lost one after the other. */
  get isLoop(): boolean {
    return this.#inARow >= LOOP_MIN && performance.now() - this.#lastAtMs < FORGOTTEN_MS
  }

  /** Before another is started: none after a mishap, ever more when one follows the other. */
  get restartDelayMs(): number {
    const repeated = this.#inARow - LOOP_MIN
    return repeated < 0 ? 0 : Math.min(RESTART_DELAY_MS.first * 2 ** repeated, RESTART_DELAY_MS.max)
  }
}
