import type { Candidate } from '../domain/candidate.ts'
import type { GalleryChange, GallerySearch, GalleryStatus } from '../domain/gallery.ts'
import { checkTemplate } from '../domain/template.ts'
import { Directory } from './directory.ts'
import type { GalleryEngine, GalleryEntry } from './engine.ts'
import { type Layout, layoutOf, SHARD_BYTES_MAX } from './layout.ts'
import { Recoding } from './recoding.ts'
import { type ScanJob, scanShards } from './scan-shards.ts'
import { Slots } from './slots.ts'
import { ValueRange } from './value-range.ts'

/** Between two steps of recoding, so that searches and changes get their turn. */
const RECODING_PAUSE_MS = 2
/** What Node's maps and the lists of people take per template, besides the shared memory; measured. */
const DIRECTORY_BYTES_PER_TEMPLATE = 48

export interface ExactEngineOptions {
  readonly dimension: number
  readonly kernel: WebAssembly.Module
  /** The most that one shared memory may take, bytes. */
  readonly shardBytesMax?: number
}

/** Everything that is built anew when the gallery is cleared, so that its memory can be given back. */
interface Content {
  readonly slots: Slots
  readonly directory: Directory
  readonly recoding: Recoding
  readonly range: ValueRange
}

/** The exact index: 8-bit codes pick candidates, float32 templates score them. bounds.ts and slots.ts prove it right. */
export class ExactEngine implements GalleryEngine {
  readonly #options: ExactEngineOptions
  readonly #layout: Layout
  #content: Content
  #revision = 0
  #updatedAt: Date | null = null
  #recodingTimer: NodeJS.Timeout | null = null

  constructor(options: ExactEngineOptions) {
    this.#options = options
    this.#layout = layoutOf(options.dimension, 1, options.shardBytesMax ?? SHARD_BYTES_MAX)
    this.#content = this.#emptyContent()
  }

  get revision(): number {
    return this.#revision
  }

  async search(probe: Float32Array, wish: GallerySearch): Promise<readonly Candidate[]> {
    checkTemplate(probe, this.#layout.dimension)
    const { slots, directory } = this.#content
    const ticket = slots.beginSearch()
    try {
      const only = wish.among === undefined ? null : this.#slotsOf(directory, wish.among)
      const job: ScanJob = { probe, wish, version: ticket.version, slots: ticket.slots, only }
      return scanShards(slots.shards, [job])[0] ?? []
    } finally {
      slots.endSearch(ticket)
    }
  }

  apply(change: GalleryChange): void {
    if (change.revision <= this.#revision) return
    if (change.kind === 'put') this.put(change)
    else if (change.kind === 'remove') this.remove(change.imageId)
    else if (change.kind === 'remove-person') this.#removePerson(change.classId)
    else if (change.kind === 'clear') this.#content = this.#emptyContent()
    this.resumeAt(change.revision)
  }

  put({ imageId, classId, template }: GalleryEntry): void {
    checkTemplate(template, this.#layout.dimension)
    const { slots, directory, recoding, range } = this.#content
    const replaced = directory.slotOf(imageId)
    if (replaced !== undefined) this.#kill(replaced)
    const slot = slots.add(imageId, classId, template)
    directory.add(slot, imageId, classId)
    recoding.count(template, 1)
    range.touch(slot)
    this.#publish()
  }

  remove(imageId: number): void {
    const slot = this.#content.directory.slotOf(imageId)
    if (slot === undefined) return
    this.#kill(slot)
    this.#publish()
  }

  resumeAt(revision: number): void {
    this.#revision = revision
    this.#updatedAt = new Date()
  }

  entry(imageId: number): GalleryEntry | null {
    const { slots, directory } = this.#content
    const slot = directory.slotOf(imageId)
    if (slot === undefined) return null
    const [shard, local] = slots.at(slot)
    return { imageId, classId: shard.classId(local), template: Float32Array.from(slots.template(slot)) }
  }

  imageIds(): Iterable<number> {
    return [...this.#content.directory.imageIds()]
  }

  status(): GalleryStatus {
    const { slots, directory, range } = this.#content
    const [minValue, maxValue] = range.read()
    return {
      templates: directory.images,
      people: directory.people,
      dimension: this.#layout.dimension,
      revision: this.#revision,
      memoryBytes: slots.memoryBytes + directory.images * DIRECTORY_BYTES_PER_TEMPLATE,
      snapshotBytes: 0,
      minValue,
      maxValue,
      nanTemplates: 0,
      engine: 'exact int8 + float32 (WebAssembly SIMD)',
      updatedAt: this.#updatedAt,
    }
  }

  async close(): Promise<void> {
    if (this.#recodingTimer !== null) clearTimeout(this.#recodingTimer)
    this.#content = this.#emptyContent()
  }

  #removePerson(classId: number): void {
    for (const slot of this.#content.directory.slotsOf(classId)) this.#kill(slot)
    this.#publish()
  }

  #kill(slot: number): void {
    const { slots, directory, recoding, range } = this.#content
    const [shard, local] = slots.at(slot)
    recoding.count(slots.template(slot), -1)
    directory.remove(slot, shard.imageId(local), shard.classId(local))
    range.touch(slot)
    slots.kill(slot)
  }

  #publish(): void {
    const { slots, recoding } = this.#content
    slots.publish()
    this.#updatedAt = new Date()
    if (recoding.isDue && this.#recodingTimer === null) this.#recodeSoon()
  }

  #recodeSoon(): void {
    this.#recodingTimer = setTimeout(() => {
      this.#recodingTimer = null
      const { recoding } = this.#content
      recoding.step()
      if (recoding.isDue) this.#recodeSoon()
    }, RECODING_PAUSE_MS)
    this.#recodingTimer.unref()
  }

  #emptyContent(): Content {
    const directory = new Directory()
    const slots: Slots = new Slots(this.#options.kernel, this.#layout, {
      onShard: () => {},
      onMove: (from, to) => {
        const [shard, local] = slots.at(to)
        directory.remove(from, shard.imageId(local), shard.classId(local))
        directory.add(to, shard.imageId(local), shard.classId(local))
        range.touch(from)
        range.touch(to)
      },
    })
    const range = new ValueRange(slots)
    return { slots, directory, recoding: new Recoding(slots), range }
  }

  #slotsOf(directory: Directory, people: ReadonlySet<number>): Int32Array {
    const slots: number[] = []
    for (const classId of people) for (const slot of directory.slotsOf(classId)) slots.push(slot)
    return Int32Array.from(slots)
  }
}
