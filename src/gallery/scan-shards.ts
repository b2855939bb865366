import type { Candidate } from '../domain/candidate.ts'
import { type BoundTerms, float32Slack, weigh } from './bounds.ts'
import { BLOCK_SLOTS, FOUND_MAX, MEANS, PART_SLOTS } from './layout.ts'
import { nthLargest } from './nth-largest.ts'
import { Ranking, type RankingWish } from './ranking.ts'
import type { Shard } from './shard.ts'

/** One search, as it is handed to whichever thread does it. */
export interface ScanJob {
  readonly probe: Float32Array
  readonly wish: RankingWish
  /** The version of the gallery that the search sees; slots.ts says how. */
  readonly version: number
  /** Slots in use at that version: those to look at. */
  readonly slots: number
  /** Only these slots, where a search is among few people. */
  readonly only: Int32Array | null
}

/**
 * Rows that are refined with the threshold of the moment before it is looked at again. Fewer cost more calls, more let
 * rows through that a better threshold would have stopped.
 */
const REFINED_AT_ONCE = 128
/** Rows, for each of the best that are wanted, that are scored first while there is no threshold. */
const SEEDS = 2
const NOTHING = Number.NEGATIVE_INFINITY

/** Answers up to `BATCH_MAX` searches in one pass over the shards, block by block. bounds.ts proves the answers right. */
export function scanShards(shards: readonly Shard[], jobs: readonly ScanJob[]): readonly (readonly Candidate[])[] {
  const rankings = jobs.map((job) => new Ranking(job.wish))
  let first = 0
  for (const shard of shards) {
    shard.see()
    const slotsMax = shard.layout.blocksMax * BLOCK_SLOTS
    const scans = jobs.map((job, index) => new Scan(shard, job, index, first, rankings[index] ?? new Ranking(job.wish)))
    for (const scan of scans) scan.pick()
    const most = Math.max(0, ...scans.map((scan) => scan.parts))
    for (let part = 0; part < most; part++) {
      for (const scan of scans) if (part < scan.parts) scan.part(part)
    }
    for (const scan of scans) scan.finish()
    first += slotsMax
  }
  return rankings.map((ranking) => ranking.best)
}

/** Rows of a part of a block that were found; rows are numbered from its first slot. */
interface Finds {
  readonly firstSlot: number
  /** Where the part's rows begin in the low plane, and in the lists of 4-byte numbers, of their code area. */
  readonly low: number
  readonly numbers: number
  readonly rows: number
  readonly weights: number
  readonly terms: BoundTerms
  /** Where in the lists they begin, and how many they are. */
  readonly from: number
  count: number
}

/** Numbers that the kernel may write beyond those it counts. */
const SPILL = 16

/** One search in one shard. */
class Scan {
  readonly parts: number
  readonly #shard: Shard
  readonly #job: ScanJob
  readonly #ranking: Ranking
  readonly #first: number
  readonly #slots: number
  readonly #probe: number
  readonly #weights: number
  /** Where the rows found are, with their sums and bounds. */
  readonly #finds: number
  readonly #rows: Int32Array
  readonly #likely: Int32Array
  readonly #bounds: Float32Array
  /** What was put aside: how many rows, of which blocks. */
  #aside = 0
  readonly #kept: Finds[] = []
  readonly #slack: number
  readonly #terms: (BoundTerms | null)[] = []

  constructor(shard: Shard, job: ScanJob, index: number, first: number, ranking: Ranking) {
    const { layout } = shard
    const { room } = layout
    this.#shard = shard
    this.#job = job
    this.#ranking = ranking
    this.#first = first
    this.#slots = Math.max(0, Math.min(job.slots - first, layout.blocksMax * BLOCK_SLOTS))
    this.parts = job.only === null ? Math.ceil(this.#slots / PART_SLOTS) : 0
    this.#probe = shard.scratch + room.probes + index * layout.dimension * 4
    this.#weights = shard.scratch + room.weights + index * MEANS * room.weightBytes
    this.#slack = float32Slack(layout.dimension)
    this.#finds = shard.scratch + index * room.finds
    this.#rows = shard.ints(this.#finds, FOUND_MAX)
    this.#likely = shard.ints(shard.scratch + room.likely, PART_SLOTS)
    this.#bounds = shard.floats(this.#finds + room.bounds, FOUND_MAX)
    shard.floats(this.#probe, layout.dimension).set(job.probe)
  }

  /** Looks at the slots that the job names, where it names any. */
  pick(): void {
    for (const slot of this.#job.only ?? []) {
      const local = slot - this.#first
      if (local >= 0 && local < this.#slots) this.#score(local)
    }
  }

  /** Filters a part of a block: looks at once at rows that are likely among the best, and puts the others aside. */
  part(part: number): void {
    const { kernel, layout } = this.#shard
    if (this.#aside + PART_SLOTS > FOUND_MAX - SPILL) this.finish()
    const firstSlot = part * PART_SLOTS
    const area = this.#shard.areaOf(Math.floor(firstSlot / BLOCK_SLOTS))
    const firstRow = firstSlot % BLOCK_SLOTS
    const numbers = area + firstRow * 4
    const mean = this.#shard.meanOf(area)
    const weights = this.#weights + mean * layout.room.weightBytes
    const terms = this.#termsFor(mean, weights)
    const rows = Math.min(PART_SLOTS, this.#slots - firstSlot)
    const from = this.#aside
    const count = kernel.filter(
      area + firstRow * layout.rowBytes,
      rows,
      layout.rowBytes,
      weights,
      numbers + layout.area.scales,
      numbers + layout.area.shifts,
      numbers + layout.area.coarseRadii,
      terms.coarseFactor,
      terms.offset,
      terms.shiftFactor,
      terms.norm,
      terms.constant,
      this.#ranking.least,
      this.#finds + from * 4,
      this.#finds + layout.room.sums + from * 4,
      this.#finds + layout.room.bounds + from * 4,
    )
    if (count === 0) return
    const low = area + layout.area.low + firstRow * layout.lowRowBytes
    const finds: Finds = { firstSlot, low, numbers, rows, weights, terms, from, count }
    for (let seeds = SEEDS * this.#job.wish.limit; finds.count > 0 && this.#ranking.least === NOTHING; seeds *= 4)
      this.#scoreLikely(finds, 0, nthLargest(this.#bounds.subarray(from, from + finds.count), seeds))
    this.#scoreLikely(finds, terms.norm, this.#ranking.least)
    this.#aside += finds.count
    this.#kept.push(finds)
  }

  /** Looks at what was put aside and is not ruled out by what was found since. */
  finish(): void {
    for (const finds of this.#kept) this.#refine(finds)
    this.#kept.length = 0
    this.#aside = 0
  }

  /** Scores the rows whose bounds, less their radii times `norm`, reach `least`; the others stay. */
  #scoreLikely(finds: Finds, norm: number, least: number): void {
    const { firstSlot, numbers, rows, from, count } = finds
    const { kernel, layout } = this.#shard
    const found = this.#finds + from * 4
    finds.count = kernel.takeLikely(
      found,
      found + layout.room.sums,
      found + layout.room.bounds,
      count,
      numbers + layout.area.coarseRadii,
      norm,
      least,
      this.#shard.scratch + layout.room.likely,
    )
    for (let i = 0; i < count - finds.count; i++) {
      const row = this.#likely[i] ?? 0
      if (row < rows) this.#score(firstSlot + row)
    }
  }

  #refine({ firstSlot, low, numbers, rows, weights, terms, from, count }: Finds): void {
    const { kernel, layout, scratch } = this.#shard
    const finds = this.#finds + from * 4
    const sums = finds + layout.room.sums
    const left = kernel.sift(finds, sums, finds + layout.room.bounds, count, this.#ranking.least)
    const templates = this.#shard.templateAt(firstSlot)
    for (let at = 0; at < left; at += REFINED_AT_ONCE) {
      const fine = kernel.refine(
        low,
        layout.lowRowBytes,
        weights,
        numbers + layout.area.scales,
        numbers + layout.area.shifts,
        numbers + layout.area.fineRadii,
        terms.fineFactor,
        terms.lowOffset,
        terms.shiftFactor,
        terms.norm,
        terms.constant,
        this.#ranking.least,
        finds + at * 4,
        sums + at * 4,
        Math.min(REFINED_AT_ONCE, left - at),
        templates,
        this.#probe,
        layout.dimension,
        this.#slack,
        scratch + layout.room.stats,
      )
      for (let i = 0; i < fine; i++) {
        const row = this.#rows[from + at + i] ?? 0
        if (row < rows) this.#score(firstSlot + row)
      }
    }
  }

  #score(slot: number): void {
    const { kernel, layout } = this.#shard
    if (!this.#shard.isAlive(slot, this.#job.version)) return
    const score = kernel.exact(this.#probe, this.#shard.templateAt(slot), layout.dimension)
    if (score < this.#ranking.least) return
    this.#ranking.offer({ imageId: this.#shard.imageId(slot), classId: this.#shard.classId(slot), score })
  }

  #termsFor(mean: number, weights: number): BoundTerms {
    const known = this.#terms[mean]
    if (known !== undefined && known !== null) return known
    const { layout } = this.#shard
    const terms = weigh(
      this.#job.probe,
      this.#shard.floats(this.#shard.meanAt(mean), layout.dimension),
      this.#shard.signedBytes(weights, layout.room.weightBytes),
    )
    this.#terms[mean] = terms
    return terms
  }
}
