import { checkTemplate } from '../domain/template.ts'
import { Directory } from './directory.ts'
import type { GalleryEntry } from './engine.ts'
import type { Layout } from './layout.ts'
import { Recoding } from './recoding.ts'
import { Slots } from './slots.ts'
import { ValueRange } from './value-range.ts'

/** The templates of a gallery and what is known of where they are; built anew when the gallery is cleared. */
export class Content {
  readonly slots: Slots
  readonly directory = new Directory()
  readonly recoding: Recoding
  readonly range: ValueRange

  constructor(kernel: WebAssembly.Module, layout: Layout) {
    this.slots = new Slots(kernel, layout, (from, to) => this.#move(from, to))
    this.recoding = new Recoding(this.slots)
    this.range = new ValueRange(this.slots)
  }

  /** @throws Refusal `template-invalid` where a template is not fit to be added */
  check(template: Float32Array): void {
    const [shard] = this.slots.shards.list
    checkTemplate(template, this.slots.layout.dimension, shard === undefined ? undefined : (of) => shard.squaresOf(of))
  }

  /** Adds an entry, visible at the next `publish`; one with the same image id must be killed too. */
  add({ imageId, classId, template }: GalleryEntry): void {
    const slot = this.slots.add(imageId, classId, template)
    const replaced = this.directory.slotOf(imageId)
    if (replaced !== undefined) this.kill(replaced)
    this.directory.add(slot, imageId, classId)
    this.recoding.count(slot, 1)
    this.range.touch(slot)
  }

  /** Lets the template of a slot go, at the next `publish`. */
  kill(slot: number): void {
    const [shard, local] = this.slots.shards.at(slot)
    this.recoding.count(slot, -1)
    this.directory.remove(slot, shard.imageId(local), shard.classId(local))
    this.range.touch(slot)
    this.slots.kill(slot)
  }

  entry(imageId: number): GalleryEntry | null {
    const slot = this.directory.slotOf(imageId)
    if (slot === undefined) return null
    const [shard, local] = this.slots.shards.at(slot)
    return { imageId, classId: shard.classId(local), template: Float32Array.from(this.slots.template(slot)) }
  }

  slotsOf(people: ReadonlySet<number>): Int32Array {
    const slots: number[] = []
    for (const classId of people) for (const slot of this.directory.slotsOf(classId)) slots.push(slot)
    return Int32Array.from(slots)
  }

  /** Prepares an empty gallery for the blocks of a snapshot. */
  restore(mean: Float32Array, sums: Float64Array, images: number): void {
    const { shards, layout } = this.slots
    shards.makeRoom(0)
    shards.list[0]?.doubles(layout.sums, sums.length).set(sums)
    this.recoding.resume(mean, images)
  }

  /** Where a block of a snapshot, counted from 0 and one after the other, is to be written before it is taken over. */
  roomForBlock(block: number): Uint8Array {
    return this.slots.roomForBlock(block)
  }

  /**
   * Takes over the next block of a snapshot; all but the last one are full.
   * @throws Error when it has an image twice; the gallery must then be cleared
   */
  restoreBlock(rows: number): void {
    const first = this.slots.addBlock(rows)
    const [shard, local] = this.slots.shards.at(first)
    for (let row = 0; row < rows; row++) {
      const imageId = shard.imageId(local + row)
      if (this.directory.slotOf(imageId) !== undefined) throw new Error(`it has image ${imageId} twice`)
      this.directory.add(first + row, imageId, shard.classId(local + row))
    }
    this.range.touch(first)
    this.slots.publish()
  }

  #move(from: number, to: number): void {
    const [shard, local] = this.slots.shards.at(to)
    this.directory.remove(from, shard.imageId(local), shard.classId(local))
    this.directory.add(to, shard.imageId(local), shard.classId(local))
    this.range.touch(from)
    this.range.touch(to)
  }
}
