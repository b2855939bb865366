import { BLOCK_SLOTS, type Layout, PAGE_BYTES } from './layout.ts'
import { Shard } from './shard.ts'

/** Memory grows by this part of what there is, and by a block at least. */
const GROWTH = 1 / 128
/** Whoever writes uses the scratch of this thread. */
const WRITER = 0

/** All memories of the gallery as the writer sees them: slots are numbered through all of them. */
export class Shards {
  readonly list: Shard[] = []
  readonly #module: WebAssembly.Module
  readonly #layout: Layout
  readonly #slotsMax: number
  #mean = 0

  constructor(module: WebAssembly.Module, layout: Layout) {
    this.#module = module
    this.#layout = layout
    this.#slotsMax = layout.blocksMax * BLOCK_SLOTS
  }

  /** Which of the two means new blocks are coded relative to. */
  get mean(): number {
    return this.#mean
  }

  get memoryBytes(): number {
    return this.list.reduce((sum, shard) => sum + shard.memory.buffer.byteLength, 0)
  }

  /** The shard of a slot, and the slot's number in it. */
  at(slot: number): readonly [Shard, number] {
    const shard = this.list[Math.floor(slot / this.#slotsMax)]
    if (shard === undefined) throw new RangeError(`slot ${slot} is beyond the gallery`)
    return [shard, slot % this.#slotsMax]
  }

  /** Blocks of a shard that have memory. */
  blocksOf(shard: Shard): number {
    const bytes = shard.memory.buffer.byteLength - this.#layout.blocks
    return Math.min(this.#layout.blocksMax, Math.floor(bytes / this.#layout.blockBytes))
  }

  /** Stores a mean in every shard, and codes blocks that are new from now on relative to it. */
  setMean(mean: number, values: Float32Array): void {
    for (const shard of this.list) shard.floats(shard.meanAt(mean), this.#layout.dimension).set(values)
    this.#mean = mean
  }

  /** The sums of all templates, value by value. */
  get sums(): Float64Array {
    const sums = new Float64Array(this.#layout.dimension)
    for (const shard of this.list)
      shard.doubles(this.#layout.sums, sums.length).forEach((sum, i) => {
        sums[i] = (sums[i] ?? 0) + sum
      })
    return sums
  }

  /** Sees to it that a slot has memory and its block codes: the slot after the last one, or one before it. */
  makeRoom(slot: number): void {
    if (slot === this.list.length * this.#slotsMax) this.#addShard()
    const [shard, local] = this.at(slot)
    const block = Math.floor(local / BLOCK_SLOTS)
    const missing = this.#layout.blocks + (block + 1) * this.#layout.blockBytes - shard.memory.buffer.byteLength
    if (missing > 0) {
      const most = this.#layout.blocks + this.#layout.blocksMax * this.#layout.blockBytes
      const room = most - shard.memory.buffer.byteLength
      const wanted = Math.max(missing, Math.min(room, shard.memory.buffer.byteLength * GROWTH))
      shard.memory.grow(Math.ceil(wanted / PAGE_BYTES))
      shard.see()
    }
    if (shard.areaOf(block) !== 0) return
    const area = this.#layout.blocks + block * this.#layout.blockBytes + this.#layout.block.area
    shard.setMeanOf(area, this.#mean)
    shard.setArea(block, area)
  }

  #addShard(): void {
    const layout = this.#layout
    const maximum = Math.ceil((layout.blocks + layout.blocksMax * layout.blockBytes) / PAGE_BYTES)
    const initial = Math.ceil((layout.blocks + layout.blockBytes) / PAGE_BYTES)
    const memory = new WebAssembly.Memory({ initial, maximum, shared: true })
    const shard = new Shard(this.#module, memory, layout, WRITER)
    const [first] = this.list
    if (first !== undefined) {
      const bytes = layout.sums - layout.means
      shard.bytes(layout.means, bytes).set(first.bytes(layout.means, bytes))
    }
    this.list.push(shard)
  }
}
