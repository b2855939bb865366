import type { Candidate } from '../domain/candidate.ts'
import type { GalleryChange, GallerySearch, GalleryStatus } from '../domain/gallery.ts'
import { checkTemplate } from '../domain/template.ts'
import { Directory } from './directory.ts'
import type { GalleryEngine, GalleryEntry } from './engine.ts'
import { type Layout, layoutOf, SHARD_BYTES_MAX } from './layout.ts'
import { Recoding } from './recoding.ts'
import { type ScanJob, scanShards } from './scan-shards.ts'
import { SearchPool } from './search-pool.ts'
import { Slots } from './slots.ts'
import { ValueRange } from './value-range.ts'

/**
 * Values (slots times dimension) up to which a search is done at once instead of by another thread: it then takes at
 * most about 0.4 ms, of which handing it over and back would cost 0.15.
 */
const INLINE_VALUES_MAX = 8_000_000
/** What scoring a template that is named costs, in templates that are scanned. */
const SCORING_COST = 20

/** Between two steps of recoding, so that searches and changes get their turn. */
const RECODING_PAUSE_MS = 2
/** What Node's maps and the lists of people take per template, besides the shared memory; measured. */
const DIRECTORY_BYTES_PER_TEMPLATE = 48

export interface ExactEngineOptions {
  readonly dimension: number
  readonly kernel: WebAssembly.Module
  /** Threads for searches that would hold up the caller's; without them every search is done at once. */
  readonly threads?: { readonly count: number; readonly worker: URL }
  /** The most that one shared memory may take, bytes. */
  readonly shardBytesMax?: number
  /** Values up to which a search is done on the caller's thread. */
  readonly inlineValuesMax?: number
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
  readonly #pool: SearchPool | null
  #content: Content
  #revision = 0
  #updatedAt: Date | null = null
  #recodingTimer: NodeJS.Timeout | null = null

  constructor(options: ExactEngineOptions) {
    this.#options = options
    const { dimension, kernel, threads, shardBytesMax = SHARD_BYTES_MAX } = options
    this.#layout = layoutOf(dimension, 1 + (threads?.count ?? 0), shardBytesMax)
    this.#pool = threads === undefined ? null : new SearchPool(threads.worker, kernel, this.#layout, threads.count)
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
      const cost = this.#layout.dimension * (only === null ? ticket.slots : only.length * SCORING_COST)
      if (this.#pool === null || cost <= (this.#options.inlineValuesMax ?? INLINE_VALUES_MAX)) {
        return scanShards(slots.shards, [job])[0] ?? []
      }
      return await this.#pool.search(slots.shards, job)
    } finally {
      slots.endSearch(ticket)
    }
  }

  apply(change: GalleryChange): void {
    if (change.revision <= this.#revision) return
    if (change.kind === 'put') this.put(change)
    else if (change.kind === 'remove') this.remove(change.imageId)
    else if (change.kind === 'remove-person') this.#removePerson(change.classId)
    else if (change.kind === 'clear') this.#clear()
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
    await this.#pool?.close()
    this.#content = this.#emptyContent()
  }

  #clear(): void {
    this.#content = this.#emptyContent()
    this.#pool?.forget()
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
    const slots: Slots = new Slots(this.#options.kernel, this.#layout, (from, to) => {
      const [shard, local] = slots.at(to)
      directory.remove(from, shard.imageId(local), shard.classId(local))
      directory.add(to, shard.imageId(local), shard.classId(local))
      range.touch(from)
      range.touch(to)
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
