import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipFileToWrite {
  readonly name: string
  readonly bytes: Uint8Array
  readonly deflated?: boolean
  /** What the archive says the checksum is, where it shall be wrong. */
  readonly crc?: number
  /** What the archive says the unpacked size is, where it shall be wrong. */
  readonly statedSize?: number
  /** Unix mode, such as 0o120777 for a link. */
  readonly mode?: number
}

/** A zip archive, byte by byte, so that tests can make bad ones too (PKWARE APPNOTE 4.3). */
export function writeZip(files: readonly ZipFileToWrite[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const file of files) {
    const name = Buffer.from(file.name)
    const content = file.deflated ? deflateRawSync(file.bytes) : Buffer.from(file.bytes)
    // Version 2.0, UTF-8 names, method, no date, checksum, sizes, lengths of name and extra field.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x0800, 2)
    common.writeUInt16LE(file.deflated ? 8 : 0, 4)
    common.writeUInt32LE(file.crc ?? crc32(file.bytes), 10)
    common.writeUInt32LE(content.length, 14)
    common.writeUInt32LE(file.statedSize ?? file.bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, content)
    const entry = Buffer.alloc(14)
    entry.writeUInt32LE(((file.mode ?? 0o100644) << 16) >>> 0, 6)
    entry.writeUInt32LE(offset, 10)
    const madeOnUnix = Buffer.from([20, 3])
    directory.push(Buffer.from('PK\x01\x02', 'latin1'), madeOnUnix, common, entry, name)
    offset += 4 + common.length + name.length + content.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(listing.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, listing, Buffer.from('PK\x05\x06', 'latin1'), end])
}
