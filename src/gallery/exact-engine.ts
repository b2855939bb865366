import type { Candidate } from '../domain/candidate.ts'
import type { GalleryChange, GallerySearch, GalleryStatus } from '../domain/gallery.ts'
import { checkTemplate } from '../domain/template.ts'
import { Content } from './content.ts'
import type { GalleryEngine, GalleryEntry } from './engine.ts'
import { collectGarbage } from './garbage.ts'
import { type Layout, layoutOf, SHARD_BYTES_MAX } from './layout.ts'
import { type ScanJob, scanShards } from './scan-shards.ts'
import { SearchPool } from './search-pool.ts'
import type { SnapshotHeader } from './snapshot-format.ts'
import type { SnapshotOrder } from './snapshot-worker.ts'

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

/** A state of the gallery that is held until it is written. */
export interface SnapshotSource {
  readonly header: SnapshotHeader
  readonly order: Omit<SnapshotOrder, 'header' | 'temporary' | 'target'>
  readonly removals: number
  end(): void
}

/** The exact index: 6-bit codes pick candidates, float32 templates score them. bounds.ts and slots.ts prove it right. */
export class ExactEngine implements GalleryEngine {
  readonly #options: ExactEngineOptions
  readonly layout: Layout
  readonly #pool: SearchPool | null
  #content: Content
  #revision = 0
  #removals = 0
  #snapshots = 0
  #updatedAt: Date | null = null
  #recodingTimer: NodeJS.Timeout | null = null

  constructor(options: ExactEngineOptions) {
    this.#options = options
    const { dimension, kernel, threads, shardBytesMax = SHARD_BYTES_MAX } = options
    this.layout = layoutOf(dimension, 1 + (threads?.count ?? 0), shardBytesMax)
    this.#pool = threads === undefined ? null : new SearchPool(threads.worker, kernel, this.layout, threads.count)
    this.#content = new Content(this.#options.kernel, this.layout)
  }

  get revision(): number {
    return this.#revision
  }

  /** How many templates were removed or replaced so far. */
  get removals(): number {
    return this.#removals
  }

  async search(probe: Float32Array, wish: GallerySearch): Promise<readonly Candidate[]> {
    checkTemplate(probe, this.layout.dimension)
    const { slots } = this.#content
    const ticket = slots.beginSearch()
    try {
      const only = wish.among === undefined ? null : this.#content.slotsOf(wish.among)
      const job: ScanJob = { probe, wish, version: ticket.version, slots: ticket.slots, only }
      const cost = this.layout.dimension * (only === null ? ticket.slots : only.length * SCORING_COST)
      if (this.#pool === null || cost <= (this.#options.inlineValuesMax ?? INLINE_VALUES_MAX)) {
        return scanShards(slots.shards.list, [job])[0] ?? []
      }
      return await this.#pool.search(slots.shards.list, job)
    } finally {
      slots.endSearch(ticket)
    }
  }

  apply(change: GalleryChange): void {
    if (change.revision <= this.#revision) return
    if (change.kind === 'put') this.put(change)
    else if (change.kind === 'remove') this.remove(change.imageId)
    else if (change.kind === 'remove-person') this.#removePerson(change.classId)
    else if (change.kind === 'clear') this.reset()
    this.resumeAt(change.revision)
  }

  put({ imageId, classId, template }: GalleryEntry): void {
    this.#content.check(template)
    if (this.#content.directory.slotOf(imageId) !== undefined) this.#removals++
    this.#content.add({ imageId, classId, template })
    this.#publish()
  }

  remove(imageId: number): void {
    const slot = this.#content.directory.slotOf(imageId)
    if (slot === undefined) return
    this.#removals++
    this.#content.kill(slot)
    this.#publish()
  }

  resumeAt(revision: number): void {
    this.#revision = revision
    this.#updatedAt = new Date()
  }

  /** Empties the gallery and gives its memory back; the revision stays. */
  reset(): void {
    this.#removals += this.#content.directory.images
    this.#content = new Content(this.#options.kernel, this.layout)
    void this.#giveMemoryBack()
  }

  /** The content, to be filled from a snapshot while it is empty. */
  get content(): Content {
    return this.#content
  }

  /** Waits until all codes are relative to one mean. */
  async finishRecoding(): Promise<void> {
    while (this.#content.recoding.isRunning) {
      if (this.#snapshots === 0) this.#content.recoding.step()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Holds on to the gallery as it is now until `end` is called, while searches and changes go on. */
  beginSnapshot(of: { history: string; modelId: string }): SnapshotSource {
    const { slots, directory, recoding } = this.#content
    const { layout } = this
    const ticket = slots.beginSearch()
    this.#snapshots++
    return {
      header: {
        ...of,
        dimension: layout.dimension,
        blockBytes: layout.blockBytes,
        revision: this.#revision,
        images: directory.images,
      },
      order: {
        kernel: this.#options.kernel,
        layout,
        memories: slots.shards.list.map((shard) => shard.memory),
        version: ticket.version,
        slots: ticket.slots,
        mean: recoding.mean.slice(),
        sums: slots.shards.sums,
      },
      removals: this.#removals,
      end: () => {
        this.#snapshots--
        slots.endSearch(ticket)
      },
    }
  }

  entry(imageId: number): GalleryEntry | null {
    return this.#content.entry(imageId)
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
      dimension: this.layout.dimension,
      revision: this.#revision,
      memoryBytes: slots.shards.memoryBytes + directory.images * DIRECTORY_BYTES_PER_TEMPLATE,
      snapshotBytes: 0,
      minValue,
      maxValue,
      nanTemplates: 0,
      engine: 'exact 6-bit + float32 (WebAssembly SIMD)',
      updatedAt: this.#updatedAt,
    }
  }

  async close(): Promise<void> {
    if (this.#recodingTimer !== null) clearTimeout(this.#recodingTimer)
    await this.#pool?.close()
    this.#content = new Content(this.#options.kernel, this.layout)
  }

  async #giveMemoryBack(): Promise<void> {
    await this.#pool?.forget()
    collectGarbage()
  }

  #removePerson(classId: number): void {
    const slots = this.#content.directory.slotsOf(classId)
    this.#removals += slots.length
    for (const slot of slots) this.#content.kill(slot)
    this.#publish()
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
      // A snapshot that is being written needs all codes relative to one mean.
      if (this.#snapshots === 0) recoding.step()
      if (recoding.isDue) this.#recodeSoon()
    }, RECODING_PAUSE_MS)
    this.#recodingTimer.unref()
  }
}
