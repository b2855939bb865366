import { BLOCK_SLOTS } from './layout.ts'
import type { Slots } from './slots.ts'

/** The least and the largest value of all templates, worked out again only for blocks that changed. */
export class ValueRange {
  readonly #slots: Slots
  readonly #stale = new Set<number>()
  readonly #ofBlock: (readonly [least: number, most: number])[] = []

  constructor(slots: Slots) {
    this.#slots = slots
  }

  /** A row of this slot came or went. */
  touch(slot: number): void {
    this.#stale.add(Math.floor(slot / BLOCK_SLOTS))
  }

  /** Both 0 for an empty gallery. */
  read(): readonly [least: number, most: number] {
    const blocks = Math.ceil(this.#slots.end / BLOCK_SLOTS)
    this.#ofBlock.length = blocks
    for (const block of this.#stale) if (block < blocks) this.#ofBlock[block] = this.#rangeOf(block)
    this.#stale.clear()
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const [blockLeast, blockMost] of this.#ofBlock) {
      least = Math.min(least, blockLeast)
      most = Math.max(most, blockMost)
    }
    return least <= most ? [least, most] : [0, 0]
  }

  #rangeOf(block: number): readonly [least: number, most: number] {
    const first = block * BLOCK_SLOTS
    const [shard, local] = this.#slots.shards.at(first)
    const start = shard.blockOf(local)
    const leasts = shard.floats(start + this.#slots.layout.block.leasts, BLOCK_SLOTS)
    const mosts = shard.floats(start + this.#slots.layout.block.mosts, BLOCK_SLOTS)
    const someAreDead = this.#slots.hasDead
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let row = 0; row < BLOCK_SLOTS && first + row < this.#slots.end; row++) {
      if (someAreDead && !this.#slots.isLive(first + row)) continue
      least = Math.min(least, leasts[row] ?? least)
      most = Math.max(most, mosts[row] ?? most)
    }
    return [least, most]
  }
}
