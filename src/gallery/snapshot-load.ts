import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
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

/**
 * Fills an empty engine from a snapshot file.
 * @returns the file's size in bytes
 * @throws Error when the file is torn, rotten, of something else, or newer than the records; the engine may then hold a
 * part of it and must be cleared
 */
export async function loadSnapshot(file: string, engine: ExactEngine, expected: SnapshotExpectation): Promise<number> {
  const handle = openSync(file, 'r')
  try {
    const readInto = (bytes: Uint8Array): void => {
      for (let at = 0; at < bytes.length; ) {
        const got = readSync(handle, bytes, at, bytes.length - at, null)
        if (got === 0) throw new Error('it ends too early')
        at += got
      }
    }
    const read = (length: number): Buffer => {
      const bytes = Buffer.allocUnsafe(length)
      readInto(bytes)
      return bytes
    }
    const header = readHeader(read)
    const { layout } = engine
    refuseForeign(header, expected, layout.dimension, layout.blockBytes)
    const blocks = Math.ceil(header.images / BLOCK_SLOTS)
    const { size } = fstatSync(handle)
    const due = headerBytes(header).length + meansBytes(layout) + CHECKSUM_BYTES
    if (size !== due + blocks * (layout.blockBytes + CHECKSUM_BYTES))
      throw new Error('it has not the size it should have')
    const means = Uint8Array.from(checked(read(meansBytes(layout) + CHECKSUM_BYTES)))
    const mean = new Float32Array(means.buffer, 0, layout.dimension)
    const sums = new Float64Array(means.slice(mean.byteLength).buffer)
    engine.content.restore(mean, sums, header.images)
    for (let block = 0; block < blocks; block++) {
      const rows = Math.min(BLOCK_SLOTS, header.images - block * BLOCK_SLOTS)
      engine.content.restoreBlock(rows, (place) => {
        readInto(place)
        check(place, read(CHECKSUM_BYTES))
      })
      await new Promise((resolve) => setImmediate(resolve))
    }
    engine.resumeAt(header.revision)
    return size
  } finally {
    closeSync(handle)
  }
}

function refuseForeign(header: SnapshotHeader, expected: SnapshotExpectation, dimension: number, block: number): void {
  if (header.modelId !== expected.modelId) throw new Error('it is of another model')
  if (header.dimension !== dimension || header.blockBytes !== block) throw new Error('it has another layout')
  if (header.history !== expected.history)
    throw new Error('it is of another database, or of one before it was restored')
  if (header.revision > expected.newestRevision) throw new Error('it is newer than the database')
  if (header.images < 0 || header.revision < 0) throw new Error('its header makes no sense')
}
