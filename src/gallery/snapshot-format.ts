import { crc32 } from 'node:zlib'
import type { Layout } from './layout.ts'

/*
 * A snapshot file: magic, length of the header, header (JSON), its checksum; the mean and the sums that the mean is
 * followed with, and their checksum; then blocks as layout.ts lays them out, all rows of a block used but for the last
 * block's, each with its checksum. Checksums are CRC-32: they find torn and rotten files, not forged ones.
 */

const MAGIC = Buffer.from('NHDGAL03', 'latin1')
const HEADER_BYTES_MAX = 4_096
export const CHECKSUM_BYTES = 4

/** What a snapshot is of. One that differs in anything but images and revision is of no use. */
export interface SnapshotHeader {
  /** Names the history that the revision counts in. */
  readonly history: string
  readonly modelId: string
  readonly dimension: number
  readonly blockBytes: number
  readonly revision: number
  readonly images: number
}

export function headerBytes(header: SnapshotHeader): Buffer {
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  return withChecksum(Buffer.concat([MAGIC, length, json]))
}

export function withChecksum(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(CHECKSUM_BYTES)
  sum.writeUInt32LE(crc32(bytes))
  return Buffer.concat([bytes, sum])
}

/** The bytes before the checksum at the end. @throws Error when they do not match it */
export function checked(bytes: Buffer): Buffer {
  if (bytes.length < CHECKSUM_BYTES) throw new Error('a checksum is missing')
  const content = bytes.subarray(0, bytes.length - CHECKSUM_BYTES)
  check(content, bytes.subarray(content.length))
  return content
}

/** @throws Error when the content is not what the checksum was made of */
export function check(content: Uint8Array, checksum: Buffer): void {
  if (crc32(content) !== checksum.readUInt32LE()) throw new Error('a checksum does not match')
}

/**
 * Reads the header through `read`, which answers with exactly as many bytes as asked for or throws.
 * @throws Error when this is no sound header
 */
export async function readHeader(read: (bytes: number) => Promise<Buffer>): Promise<SnapshotHeader> {
  const start = await read(MAGIC.length + 4)
  if (!start.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('it is no snapshot of this version')
  const length = start.readUInt32LE(MAGIC.length)
  if (length > HEADER_BYTES_MAX) throw new Error('its header is too long')
  const json = checked(Buffer.concat([start, await read(length + CHECKSUM_BYTES)])).subarray(start.length)
  const header: unknown = JSON.parse(json.toString())
  if (!isHeader(header)) throw new Error('its header is not complete')
  return header
}

function isHeader(value: unknown): value is SnapshotHeader {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  return (
    ['history', 'modelId'].every((name) => typeof fields.get(name) === 'string') &&
    ['dimension', 'blockBytes', 'revision', 'images'].every((name) => Number.isSafeInteger(fields.get(name)))
  )
}

/** Bytes of the mean (float32) and the sums (float64), one after the other. */
export function meansBytes(layout: Layout): number {
  return layout.dimension * (4 + 8)
}
