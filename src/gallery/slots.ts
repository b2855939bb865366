import { BLOCK_SLOTS, type Layout } from './layout.ts'
import type { Shard } from './shard.ts'
import { Shards } from './shards.ts'

/*
 * The shared memories and who may see what in them. One thread writes (the one that owns the `Slots`) and hands out the
 * searches; other threads only read.
 *
 * Versions. Every row has a life: it is visible at the versions v with birth <= v < death. The writer prepares version
 * v + 1 while v is the newest: new rows are born at v + 1, removed ones die at v + 1, and only then `version` becomes
 * v + 1. A search is given the newest version when it is handed out, and counts only what is visible at it. So it sees
 * all of a change, of however many rows, or none of it, and all changes in their order.
 *
 * No row visible to a search that runs is touched. The writer knows the versions of all that run (`beginSearch`,
 * `endSearch`); a dead row is taken for something else only when its death <= each of these versions, and no search to
 * come has an older one. Rows of which a search cannot say whether they hold anything (being written at the moment) are
 * invisible to it: they were dead for it before (death <= v) and are born later (birth > v). The writer stores the birth
 * before the death, the reader loads the death before the birth, sequentially consistent: a reader that sees the new
 * death sees the new birth, which is > v; one that sees the old death has death <= v. Whatever codes it read from such
 * a row cost it a look. A visible row was written before its search was handed out, and messages order memory.
 *
 * Removal makes a row die; when it may be touched, the last row moves into its place (born there, dead here, at the same
 * version), and the end of the rows comes down when the last place may be touched in turn.
 *
 * Recoding writes the codes of a block, from its float32 rows, to a spare area and swaps the areas by one
 * atomic store. A search reads the table once per block and finds the codes of every row visible to it in either area.
 * The area that was replaced is written to only when all searches that may have read its address have ended.
 */

const NEVER = Number.MAX_SAFE_INTEGER

export interface SearchTicket {
  readonly id: number
  readonly version: number
  /** Slots in use at that version. */
  readonly slots: number
}

export interface WatchedBlock {
  readonly shard: Shard
  readonly block: number
  isChanged: boolean
}

export class Slots {
  readonly shards: Shards
  readonly layout: Layout
  readonly #onMove: (from: number, to: number) => void
  /** Versions of the searches that run, oldest first. */
  readonly #running = new Map<number, number>()
  /** Slots that died and may not be touched yet, with the version of their death, oldest first. */
  readonly #dead = new Map<number, number>()
  /** A block whose changes somebody wants to know of. */
  #watched: WatchedBlock | null = null
  #searches = 0
  #version = 0
  #end = 0

  /** @param onMove is told when a row has moved to another slot */
  constructor(module: WebAssembly.Module, layout: Layout, onMove: (from: number, to: number) => void) {
    this.shards = new Shards(module, layout)
    this.layout = layout
    this.#onMove = onMove
  }

  /** Slots in use, dead ones included, are below this. */
  get end(): number {
    return this.#end
  }

  get version(): number {
    return this.#version
  }

  /** The version that every search to come has, and every search that runs has or is past. */
  get settled(): number {
    const [oldest] = this.#running.values()
    return oldest ?? this.#version
  }

  beginSearch(): SearchTicket {
    const id = ++this.#searches
    this.#running.set(id, this.#version)
    return { id, version: this.#version, slots: this.#end }
  }

  endSearch(ticket: SearchTicket): void {
    this.#running.delete(ticket.id)
    this.#reclaim()
  }

  /** Adds a row, visible once `publish` is called. */
  add(imageId: number, classId: number, template: Float32Array): number {
    const slot = this.#end
    this.shards.makeRoom(slot)
    this.#end++
    this.#write(slot, imageId, classId, template)
    return slot
  }

  /** Memory for a block, counted from 0: the one after the last that has memory. */
  roomForBlock(block: number): Uint8Array {
    const first = block * BLOCK_SLOTS
    this.shards.makeRoom(first)
    const [shard, local] = this.shards.at(first)
    return shard.bytes(shard.blockOf(local), this.layout.blockBytes)
  }

  /**
   * Takes over the next block, which was written to its room as a snapshot holds it, its first `rows` rows in use; only
   * into a gallery of full blocks.
   * @returns the slot of its first row
   */
  addBlock(rows: number): number {
    const first = this.#end
    const [shard, local] = this.shards.at(first)
    this.#end += rows
    for (let row = 0; row < rows; row++) shard.kernel.setLife(shard.lifeAt(local + row), this.#version + 1, NEVER)
    return first
  }

  /** Lets a row die; it is gone for searches once `publish` is called. */
  kill(slot: number): void {
    const [shard, local] = this.shards.at(slot)
    shard.kernel.setDeath(shard.lifeAt(local), this.#version + 1)
    this.#dead.set(slot, this.#version + 1)
  }

  /** Notes from now on whether rows are written in a block, of which there is one at a time. */
  watch(shard: Shard, block: number): WatchedBlock {
    const watched = { shard, block, isChanged: false }
    this.#watched = watched
    return watched
  }

  /** Makes what was added and killed since the last call visible, all at once. */
  publish(): void {
    this.#version++
    this.#reclaim()
  }

  /** Whether any slot in use holds what was removed. */
  get hasDead(): boolean {
    return this.#dead.size > 0
  }

  isLive(slot: number): boolean {
    return slot < this.#end && !this.#dead.has(slot)
  }

  /** A row's float32 values, in place: to be copied before anything changes. */
  template(slot: number): Float32Array {
    const [shard, local] = this.shards.at(slot)
    return shard.floats(shard.templateAt(local), this.layout.dimension)
  }

  #write(slot: number, imageId: number, classId: number, template: Float32Array): void {
    const [shard, local] = this.shards.at(slot)
    const block = Math.floor(local / BLOCK_SLOTS)
    const row = local % BLOCK_SLOTS
    shard.floats(shard.templateAt(local), this.layout.dimension).set(template)
    const [least, most] = shard.code(local, shard.areaOf(block))
    shard.floats(shard.blockOf(local) + this.layout.block.leasts + row * 4, 1)[0] = least
    shard.floats(shard.blockOf(local) + this.layout.block.mosts + row * 4, 1)[0] = most
    shard.setIds(local, imageId, classId)
    shard.kernel.setLife(shard.lifeAt(local), this.#version + 1, NEVER)
    this.#note(shard, block)
  }

  /** Gives back what no search can see any more: lowers the end, or moves the last row into the gap. */
  #reclaim(): void {
    for (;;) {
      while (this.#end > 0 && this.#isFree(this.#end - 1)) this.#erase(--this.#end)
      const [gap] = this.#dead.keys()
      const last = this.#end - 1
      if (gap === undefined || !this.#isFree(gap) || this.#dead.has(last)) return
      this.#dead.delete(gap)
      const [shard, local] = this.shards.at(last)
      this.#write(gap, shard.imageId(local), shard.classId(local), this.template(last))
      this.kill(last)
      this.#version++
      this.#onMove(last, gap)
    }
  }

  #isFree(slot: number): boolean {
    const death = this.#dead.get(slot)
    return death !== undefined && death <= this.settled
  }

  /** Nothing of a removed template stays in memory. */
  #erase(slot: number): void {
    this.#dead.delete(slot)
    const [shard, local] = this.shards.at(slot)
    const block = Math.floor(local / BLOCK_SLOTS)
    this.#note(shard, block)
    this.template(slot).fill(0)
    shard.setIds(local, 0, 0)
    shard.forgetCodes(local, shard.areaOf(block))
  }

  #note(shard: Shard, block: number): void {
    if (this.#watched?.shard === shard && this.#watched.block === block) this.#watched.isChanged = true
  }
}
