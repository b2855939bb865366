import { BLOCK_SLOTS, PART_SLOTS } from './layout.ts'
import type { Shard } from './shard.ts'
import type { Slots, WatchedBlock } from './slots.ts'

/*
 * Which mean the codes are relative to. A code's error grows with the distance of the template from the mean, so packs
 * whose templates all lie to one side (cosines near 0.84) need a mean near their middle, while one that is a little off
 * costs little. The true mean is followed with running sums, and whenever the gallery has grown to twice what it was at
 * the last look (or changed as much), it is compared with the one in use; if they are far apart, every block is recoded,
 * a part of it per step, while searches and changes go on (slots.ts says why they may).
 */

/** Templates below which a mean says little about those to come. */
const TEMPLATES_MIN = 256
/** Distance between the true mean and the one in use from which recoding pays: it adds at most this to |y - mean|. */
const DRIFT_MAX = 0.15

/** Where a recoding stands: so many rows of a block are coded, and whether they changed since. */
interface Position {
  readonly shard: number
  readonly block: number
  rows: number
  watched: WatchedBlock | null
}
const UNTOUCHED = { rows: 0, watched: null }

export class Recoding {
  readonly #slots: Slots
  #mean: Float32Array
  #templates = 0
  #changes = 0
  #changesAtLook = TEMPLATES_MIN
  /** Where the recoding stands; null while none runs. */
  #at: Position | null = null
  /** For each shard the area that no block uses, and the version from which on nobody reads it. */
  readonly #spares = new Map<Shard, { area: number; freeAt: number }>()

  constructor(slots: Slots) {
    this.#slots = slots
    this.#mean = new Float32Array(slots.layout.dimension)
  }

  get mean(): Float32Array {
    return this.#mean
  }

  /** Takes up where a snapshot left off: its templates, codes and sums are in the gallery, relative to its mean. */
  resume(mean: Float32Array, templates: number): void {
    this.#mean = mean
    this.#templates = templates
    this.#changes = templates
    this.#changesAtLook = 2 * templates + TEMPLATES_MIN
    this.#slots.shards.setMean(this.#slots.shards.mean, mean)
  }

  /** Whether codes are relative to two means at present. */
  get isRunning(): boolean {
    return this.#at !== null
  }

  /** Takes note of a slot's template, which came (1) or goes (-1). */
  count(slot: number, sign: 1 | -1): void {
    const [shard, local] = this.#slots.shards.at(slot)
    shard.count(local, sign)
    this.#templates += sign
    this.#changes++
  }

  /** Whether a step is due; cheap enough to ask after every change. */
  get isDue(): boolean {
    return this.isRunning || this.#changes >= this.#changesAtLook
  }

  /** Looks at the mean or recodes one block; does nothing where the spare area may still be read. */
  step(): void {
    if (this.#at === null) this.#look()
    else this.#recode(this.#at)
  }

  #look(): void {
    if (this.#changes < this.#changesAtLook) return
    this.#changesAtLook = this.#changes + Math.max(TEMPLATES_MIN, this.#templates)
    if (this.#templates < TEMPLATES_MIN) return
    const mean = Float32Array.from(this.#slots.shards.sums, (sum) => sum / this.#templates)
    const drift = Math.sqrt(mean.reduce((sum, value, i) => sum + (value - (this.#mean[i] ?? 0)) ** 2, 0))
    if (drift < DRIFT_MAX || !this.#sparesAreFree()) return
    this.#mean = mean
    this.#slots.shards.setMean(1 - this.#slots.shards.mean, mean)
    this.#at = { shard: 0, block: 0, ...UNTOUCHED }
  }

  #recode(at: Position): void {
    const slots = this.#slots
    const shard = slots.shards.list[at.shard]
    if (shard === undefined) {
      if (this.#sparesAreFree()) this.#finish()
      return
    }
    const spare = this.#spareOf(shard)
    if (spare.freeAt > slots.settled) return
    const area = shard.areaOf(at.block)
    if (at.block >= slots.shards.blocksOf(shard) || area === 0) {
      this.#at = { shard: at.shard + 1, block: 0, ...UNTOUCHED }
      return
    }
    if (shard.meanOf(area) !== slots.shards.mean) {
      shard.setMeanOf(spare.area, slots.shards.mean)
      // What was coded before a row of the block changed may be of the old row: once more, then.
      if (at.watched === null || at.watched.isChanged)
        Object.assign(at, { rows: 0, watched: slots.watch(shard, at.block) })
      const first = at.block * BLOCK_SLOTS + at.rows
      for (let row = 0; row < PART_SLOTS; row++) shard.code(first + row, spare.area)
      at.rows += PART_SLOTS
      if (at.rows < BLOCK_SLOTS) return
      shard.setArea(at.block, spare.area)
      slots.publish()
      this.#spares.set(shard, { area, freeAt: slots.version })
    }
    this.#at = { ...at, block: at.block + 1, ...UNTOUCHED }
  }

  /** What the spare areas held may belong to templates that are removed later: it must not stay. */
  #finish(): void {
    for (const [shard, { area }] of this.#spares) shard.bytes(area, this.#slots.layout.areaBytes).fill(0)
    this.#at = null
  }

  #spareOf(shard: Shard): { area: number; freeAt: number } {
    const known = this.#spares.get(shard)
    if (known !== undefined) return known
    const spare = { area: this.#slots.layout.spareArea, freeAt: 0 }
    this.#spares.set(shard, spare)
    return spare
  }

  #sparesAreFree(): boolean {
    return this.#slots.shards.list.every((shard) => this.#spareOf(shard).freeAt <= this.#slots.settled)
  }
}
