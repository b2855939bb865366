/*
 * Where things lie in one shared memory (a "shard"), in bytes:
 *
 *   reserved | mean 0 | mean 1 | sums | code table | scratch of each thread | spare code area | block 0 | block 1 | ...
 *
 * A block holds BLOCK_SLOTS templates: what never moves (float32 templates, image ids, class ids, lives) and, behind it,
 * a code area (both planes of codes, and per row: scale, shift, both radii; and which mean the codes are relative to).
 * The code table says which area is a block's at present, because recoding writes a block's codes to the spare area and
 * then swaps the two.
 */

/**
 * Templates in a block, the unit in which memory grows. Planes of fewer rows (512) take half as long again to scan:
 * memory is read ahead only along long runs.
 */
export const BLOCK_SLOTS = 2_048
/** Templates that are scanned or recoded in one go; divides a block, and is a multiple of 4. */
export const PART_SLOTS = 1024
/**
 * Rows that a search may put aside for a closer look, when it will know better how good a row must be; room for one more
 * part, and what is written beyond it. With a quarter of them a quarter to a third more are looked at (docs/decisions/0016).
 */
export const FOUND_MAX = 32_768 + PART_SLOTS + 16
/** Searches that share one pass over the gallery. */
export const BATCH_MAX = 8
/** Means that codes may be relative to at the same time: the present one and the one that is being replaced. */
export const MEANS = 2
export const PAGE_BYTES = 65_536
/** The most that one WebAssembly memory can hold. */
export const SHARD_BYTES_MAX = 65_536 * PAGE_BYTES
/** Dimensions are coded in groups: so many in the high plane, of 4 bits each, and in the low plane, of 2. */
const HIGH_GROUP = 32
const LOW_GROUP = 64
export const GROUP_CODE_BYTES = 16
/** Rows of the high plane whose groups take turns: so a scan, which reads four rows side by side, reads on and on. */
const TILE = 4
export const HIGH_STEP = TILE * GROUP_CODE_BYTES
const RESERVED_BYTES = 1_024
const BLOCKS_MAX = 65_536
const ALIGNMENT = 64

export interface Layout {
  readonly dimension: number
  /** Bytes of a row in the high plane of codes, and in the low one. */
  readonly rowBytes: number
  readonly lowRowBytes: number
  readonly meanBytes: number
  readonly means: number
  /** Of all templates, value by value, as float64; those of all shards add up. */
  readonly sums: number
  readonly codeTable: number
  readonly scratch: number
  readonly scratchBytes: number
  readonly spareArea: number
  readonly blocks: number
  readonly blockBytes: number
  readonly blocksMax: number
  /** Parts of a block, relative to its start. */
  readonly block: {
    readonly imageIds: number
    readonly classIds: number
    readonly lives: number
    /** Each template's least and largest value. */
    readonly leasts: number
    readonly mosts: number
    readonly area: number
  }
  /** Parts of a code area, relative to its start. */
  readonly area: {
    readonly low: number
    readonly scales: number
    readonly shifts: number
    readonly coarseRadii: number
    readonly fineRadii: number
    readonly mean: number
  }
  readonly areaBytes: number
  /** Parts of a thread's scratch, relative to its start, where the rows found are. */
  readonly room: {
    /** Beside the rows found: their sums and bounds; and the bytes of all three lists of one search. */
    readonly sums: number
    readonly bounds: number
    readonly finds: number
    /** Rows of a part that are scored at once. */
    readonly likely: number
    readonly weights: number
    readonly weightBytes: number
    readonly probes: number
    readonly centred: number
    readonly stats: number
  }
}

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

/**
 * @param dimension a multiple of 4
 * @param threads how many threads search, each with its own scratch
 * @param bytesMax of one shard, at most `SHARD_BYTES_MAX`
 * @throws RangeError when not even one block fits
 */
export function layoutOf(dimension: number, threads: number, bytesMax: number): Layout {
  if (dimension <= 0 || dimension % 4 !== 0) throw new RangeError(`dimension ${dimension} is not a multiple of 4`)
  const rowBytes = Math.ceil(dimension / HIGH_GROUP) * GROUP_CODE_BYTES
  const lowGroups = Math.ceil(dimension / LOW_GROUP)
  const lowRowBytes = lowGroups * GROUP_CODE_BYTES
  const low = rowBytes * BLOCK_SLOTS
  const scales = low + lowRowBytes * BLOCK_SLOTS
  const perRow = BLOCK_SLOTS * 4

  const area = {
    ...{ low, scales },
    shifts: scales + perRow,
    coarseRadii: scales + 2 * perRow,
    fineRadii: scales + 3 * perRow,
    mean: scales + 4 * perRow,
  }
  const areaBytes = aligned(area.mean + 4)

  const imageIds = aligned(BLOCK_SLOTS * dimension * 4)
  const classIds = imageIds + BLOCK_SLOTS * 8
  const lives = classIds + perRow
  const leasts = lives + BLOCK_SLOTS * 16
  const mosts = leasts + perRow
  const block = { imageIds, classIds, lives, leasts, mosts, area: aligned(mosts + perRow) }
  const blockBytes = block.area + areaBytes

  const weightBytes = lowGroups * LOW_GROUP
  const centredBytes = weightBytes * 4
  const list = FOUND_MAX * 4
  const [sums, bounds, finds] = [list, 2 * list, 3 * list]
  const likely = BATCH_MAX * finds
  const weights = likely + (PART_SLOTS + 16) * 4
  const probes = weights + BATCH_MAX * MEANS * weightBytes
  const centred = probes + BATCH_MAX * dimension * 4
  const stats = centred + centredBytes
  const room = { sums, bounds, finds, likely, weights, weightBytes, probes, centred, stats }
  const scratchBytes = aligned(stats + 32)

  const meanBytes = aligned(dimension * 4)
  const templateSums = RESERVED_BYTES + MEANS * meanBytes
  const codeTable = aligned(templateSums + dimension * 8)
  const blocksWanted = Math.min(BLOCKS_MAX, Math.floor(bytesMax / blockBytes))
  const scratch = aligned(codeTable + blocksWanted * 4)
  const spareArea = scratch + threads * scratchBytes
  const blocks = spareArea + areaBytes
  const blocksMax = Math.min(blocksWanted, Math.floor((bytesMax - blocks) / blockBytes))
  if (blocksMax < 1) throw new RangeError(`a shard of ${bytesMax} bytes has no room for one block`)
  return {
    ...{ dimension, rowBytes, lowRowBytes, meanBytes, means: RESERVED_BYTES, sums: templateSums, codeTable },
    ...{ scratch, scratchBytes, spareArea, blocks, blockBytes, blocksMax, block, area, areaBytes, room },
  }
}

/** Where in an area a row of the high plane begins; its groups lie `HIGH_STEP` bytes apart. */
export function highAt(layout: Layout, row: number): number {
  const lane = row % TILE
  return (row - lane) * layout.rowBytes + lane * GROUP_CODE_BYTES
}
