import { type FileHandle, open } from 'node:fs/promises'
import type { ExactEngine } from './exact-engine.ts'
import { BLOCK_SLOTS } from './layout.ts'
import {
  CHECKSUM_BYTES,
  check,
  checked,
  headerBytes,
  meansBytes,
  readHeader,
  type SnapshotHeader,
} from './snapshot-format.ts'

/** What a snapshot must be of to be of use, and the newest revision that it may claim. */
export interface SnapshotExpectation {
  readonly history: string
  readonly modelId: string
  readonly newestRevision: number
}

/** Blocks that are read in the background, by threads of Node's own, while one is checked and entered. */
const BLOCKS_AHEAD = 3

interface SnapshotBlock {
  readonly bytes: Uint8Array
  readonly checksum: Buffer
}

/**
 * Fills an empty engine from a snapshot file: while one block is checked and entered, the next ones are read to their places.
 * @returns the file's size in bytes
 * @throws Error when the file is torn, rotten, of something else, or newer than the records; the engine may then hold a
 * part of it and must be cleared
 */
export async function loadSnapshot(file: string, engine: ExactEngine, expected: SnapshotExpectation): Promise<number> {
  const handle = await open(file, 'r')
  const reading: Promise<SnapshotBlock>[] = []
  try {
    let position = 0
    const read = async (length: number): Promise<Buffer> => {
      position += length
      return await readAt(handle, position - length, Buffer.allocUnsafe(length))
    }
    const header = await readHeader(read)
    const { layout, content } = engine
    refuseForeign(header, expected, layout.dimension, layout.blockBytes)
    const blocks = Math.ceil(header.images / BLOCK_SLOTS)
    const { size } = await handle.stat()
    const due = headerBytes(header).length + meansBytes(layout) + CHECKSUM_BYTES
    if (size !== due + blocks * (layout.blockBytes + CHECKSUM_BYTES))
      throw new Error('it has not the size it should have')
    const means = Uint8Array.from(checked(await read(meansBytes(layout) + CHECKSUM_BYTES)))
    const mean = new Float32Array(means.buffer, 0, layout.dimension)
    const sums = new Float64Array(means.slice(mean.byteLength).buffer)
    content.restore(mean, sums, header.images)
    const begin = (block: number): Promise<SnapshotBlock> => {
      const place = content.roomForBlock(block)
      const read = readBlock(handle, due + block * (layout.blockBytes + CHECKSUM_BYTES), place)
      // It may fail before its turn has come.
      read.catch(() => {})
      return read
    }
    for (let block = 0; block < blocks; block++) {
      while (reading.length < Math.min(blocks, block + 1 + BLOCKS_AHEAD)) reading.push(begin(reading.length))
      const { bytes, checksum } = await (reading[block] ?? begin(block))
      check(bytes, checksum)
      content.restoreBlock(Math.min(BLOCK_SLOTS, header.images - block * BLOCK_SLOTS))
    }
    engine.resumeAt(header.revision)
    return size
  } finally {
    await Promise.allSettled(reading)
    await handle.close()
  }
}

async function readBlock(handle: FileHandle, position: number, place: Uint8Array): Promise<SnapshotBlock> {
  const bytes = await readAt(handle, position, place)
  return { bytes, checksum: await readAt(handle, position + bytes.length, Buffer.allocUnsafe(CHECKSUM_BYTES)) }
}

/** Fills the bytes with what is in the file from there on. @throws Error when there is not enough of it */
async function readAt<Bytes extends Uint8Array>(handle: FileHandle, position: number, bytes: Bytes): Promise<Bytes> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, position + at)
    if (bytesRead === 0) throw new Error('it ends too early')
    at += bytesRead
  }
  return bytes
}

function refuseForeign(header: SnapshotHeader, expected: SnapshotExpectation, dimension: number, block: number): void {
  if (header.modelId !== expected.modelId) throw new Error('it is of another model')
  if (header.dimension !== dimension || header.blockBytes !== block) throw new Error('it has another layout')
  if (header.history !== expected.history)
    throw new Error('it is of another database, or of one before it was restored')
  if (header.revision > expected.newestRevision) throw new Error('it is newer than the database')
  if (header.images < 0 || header.revision < 0) throw new Error('its header makes no sense')
}
