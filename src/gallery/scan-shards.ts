import type { Candidate } from '../domain/candidate.ts'
import { type BoundTerms, float32Slack, weigh } from './bounds.ts'
import { BLOCK_SLOTS, MEANS } from './layout.ts'
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
const REFINED_AT_ONCE = 32

/** Answers up to `BATCH_MAX` searches in one pass over the shards, block by block. bounds.ts proves the answers right. */
export function scanShards(shards: readonly Shard[], jobs: readonly ScanJob[]): readonly (readonly Candidate[])[] {
  const rankings = jobs.map((job) => new Ranking(job.wish))
  let first = 0
  for (const shard of shards) {
    shard.see()
    const slotsMax = shard.layout.blocksMax * BLOCK_SLOTS
    const scans = jobs.map((job, index) => new Scan(shard, job, index, first, rankings[index] ?? new Ranking(job.wish)))
    for (const scan of scans) scan.pick()
    const most = Math.max(0, ...scans.map((scan) => scan.blocks))
    for (let block = 0; block < most; block++) {
      for (const scan of scans) if (block < scan.blocks) scan.block(block)
    }
    first += slotsMax
  }
  return rankings.map((ranking) => ranking.best)
}

/** One search in one shard. */
class Scan {
  readonly blocks: number
  readonly #shard: Shard
  readonly #job: ScanJob
  readonly #ranking: Ranking
  readonly #first: number
  readonly #slots: number
  readonly #probe: number
  readonly #weights: number
  readonly #found: Int32Array
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
    this.blocks = job.only === null ? Math.ceil(this.#slots / BLOCK_SLOTS) : 0
    this.#probe = shard.scratch + room.probes + index * layout.dimension * 4
    this.#weights = shard.scratch + room.weights + index * MEANS * room.weightBytes
    this.#slack = float32Slack(layout.dimension)
    this.#found = shard.ints(shard.scratch, BLOCK_SLOTS)
    shard.floats(this.#probe, layout.dimension).set(job.probe)
  }

  /** Looks at the slots that the job names, where it names any. */
  pick(): void {
    for (const slot of this.#job.only ?? []) {
      const local = slot - this.#first
      if (local >= 0 && local < this.#slots) this.#score(local)
    }
  }

  block(block: number): void {
    const { kernel, layout, scratch } = this.#shard
    const area = this.#shard.areaOf(block)
    const mean = this.#shard.meanOf(area)
    const weights = this.#weights + mean * layout.room.weightBytes
    const terms = this.#termsFor(mean, weights)
    const rows = Math.min(BLOCK_SLOTS, this.#slots - block * BLOCK_SLOTS)
    const scales = area + layout.area.scales
    const shifts = area + layout.area.shifts
    const sums = scratch + layout.room.sums
    const coarse = kernel.filter(
      area,
      rows,
      layout.rowBytes,
      weights,
      scales,
      shifts,
      area + layout.area.coarseRadii,
      terms.coarseFactor,
      terms.offset,
      terms.norm,
      terms.constant,
      this.#ranking.least,
      scratch,
      sums,
    )
    const templates = this.#shard.blockOf(block * BLOCK_SLOTS)
    for (let from = 0; from < coarse; from += REFINED_AT_ONCE) {
      const fine = kernel.refine(
        area + layout.area.low,
        layout.rowBytes,
        weights,
        scales,
        shifts,
        area + layout.area.fineRadii,
        terms.fineFactor,
        terms.offset,
        terms.norm,
        terms.constant,
        this.#ranking.least,
        scratch + from * 4,
        sums + from * 4,
        Math.min(REFINED_AT_ONCE, coarse - from),
        templates,
        this.#probe,
        layout.dimension,
        this.#slack,
        scratch + layout.room.stats,
      )
      for (let i = 0; i < fine; i++) {
        const row = this.#found[from + i] ?? 0
        if (row < rows) this.#score(block * BLOCK_SLOTS + row)
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
      this.#shard.shorts(weights, layout.room.weightBytes / 2),
    )
    this.#terms[mean] = terms
    return terms
  }
}
