import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { BLOCK_SLOTS, GROUP_CODE_BYTES, HIGH_STEP, highAt, type Layout } from './layout.ts'
import { Shard } from './shard.ts'
import { headerBytes, type SnapshotHeader, withChecksum } from './snapshot-format.ts'

/*
 * A thread that writes one snapshot and ends. Whoever starts it keeps the version alive in the gallery until then, so
 * the rows visible at it do not change (slots.ts), and holds back recoding, so all codes are relative to one mean.
 */

export interface SnapshotOrder {
  readonly kernel: WebAssembly.Module
  readonly layout: Layout
  readonly memories: readonly WebAssembly.Memory[]
  readonly version: number
  /** Slots in use at the version. */
  readonly slots: number
  readonly header: SnapshotHeader
  readonly mean: Float32Array
  readonly sums: Float64Array
  readonly temporary: string
  readonly target: string
}

const order: SnapshotOrder = workerData
const { layout, kernel } = order

/** Answers with the file's size once it is on the disk under its name. */
function writeSnapshot(): number {
  const file = openSync(order.temporary, 'w', 0o600)
  let bytes = 0
  const write = (chunk: Uint8Array): void => {
    for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at)
    bytes += chunk.length
  }
  try {
    write(headerBytes(order.header))
    write(withChecksum(Buffer.concat([asBytes(order.mean), asBytes(order.sums)])))
    const image = new BlockImage()
    for (const [shard, slot] of liveSlots()) {
      image.add(shard, slot)
      if (image.rows === BLOCK_SLOTS) write(image.take())
    }
    if (image.rows > 0) write(image.take())
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(order.temporary, order.target)
  const folder = openSync(dirname(order.target), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
  return bytes
}

function* liveSlots(): Generator<readonly [Shard, number]> {
  const slotsMax = layout.blocksMax * BLOCK_SLOTS
  for (const [index, memory] of order.memories.entries()) {
    const shard = new Shard(kernel, memory, layout, 0)
    const slots = Math.min(slotsMax, order.slots - index * slotsMax)
    for (let slot = 0; slot < slots; slot++) if (shard.isAlive(slot, order.version)) yield [shard, slot]
  }
}

function asBytes(numbers: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}

/** A block that is put together from rows of any blocks. */
class BlockImage {
  rows = 0
  readonly #bytes = new Uint8Array(layout.blockBytes)
  readonly #words = new Int32Array(this.#bytes.buffer)

  add(shard: Shard, slot: number): void {
    const { block, area, dimension, lowRowBytes } = layout
    const from = shard.blockOf(slot)
    const codes = shard.areaOf(Math.floor(slot / BLOCK_SLOTS))
    const row = slot % BLOCK_SLOTS
    const copy = (source: number, target: number, size: number): void => {
      this.#bytes.set(shard.bytes(source + row * size, size), target + this.rows * size)
    }
    copy(from, 0, dimension * 4)
    copy(from + block.imageIds, block.imageIds, 8)
    for (const part of [block.classIds, block.leasts, block.mosts]) copy(from + part, part, 4)
    copy(codes + area.low, block.area + area.low, lowRowBytes)
    this.#copyHigh(shard, codes + highAt(layout, row))
    for (const part of [area.scales, area.shifts, area.coarseRadii, area.fineRadii])
      copy(codes + part, block.area + part, 4)
    this.rows++
  }

  /** Word by word: the groups of a row are too short to be worth a view each. */
  #copyHigh(shard: Shard, from: number): void {
    const step = HIGH_STEP / 4
    const source = shard.ints(from, layout.rowBytes - step + GROUP_CODE_BYTES / 4)
    const target = (layout.block.area + highAt(layout, this.rows)) / 4
    for (let group = 0; group < source.length; group += step)
      for (let word = group; word < group + GROUP_CODE_BYTES / 4; word++) this.#words[target + word] = source[word] ?? 0
  }

  /** The block with its checksum; the next one begins empty. The codes' mean is number 0 there. */
  take(): Buffer {
    const bytes = withChecksum(this.#bytes)
    this.#bytes.fill(0)
    this.rows = 0
    return bytes
  }
}

parentPort?.postMessage(writeSnapshot())
