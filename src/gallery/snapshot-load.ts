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

interface SnapshotBlock {
  readonly bytes: Uint8Array
  readonly checksum: Buffer
}

/**
 * Fills an empty engine from a snapshot file: while one block is checked and entered, the next one is read to its place.
 * @returns the file's size in bytes
 * @throws Error when the file is torn, rotten, of something else, or newer than the records; the engine may then hold a
 * part of it and must be cleared
 */
export async function loadSnapshot(file: string, engine: ExactEngine, expected: SnapshotExpectation): Promise<number> {
  const handle = await open(file, 'r')
  try {
    const read = (length: number): Promise<Buffer> => readInto(handle, Buffer.allocUnsafe(length))
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
    const readBlock = async (block: number): Promise<SnapshotBlock> => {
      const bytes = await readInto(handle, content.roomForBlock(block))
      return { bytes, checksum: await read(CHECKSUM_BYTES) }
    }
    let next = blocks > 0 ? await readBlock(0) : null
    for (let block = 0; next !== null; block++) {
      const { bytes, checksum } = next
      const following = block + 1 < blocks ? readBlock(block + 1) : null
      try {
        check(bytes, checksum)
        content.restoreBlock(Math.min(BLOCK_SLOTS, header.images - block * BLOCK_SLOTS))
      } finally {
        next = await following
      }
    }
    engine.resumeAt(header.revision)
    return size
  } finally {
    await handle.close()
  }
}

/** Fills the bytes with what comes next in the file, in the background. @throws Error when there is not enough of it */
async function readInto<Bytes extends Uint8Array>(handle: FileHandle, bytes: Bytes): Promise<Bytes> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, null)
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
