import { basename } from 'node:path'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { ByteStream } from './byte-stream.ts'
import { FormatError } from './format-error.ts'

const ENTRIES_MAX = 65_536

/** The files of a zip archive, stored or deflated. Names with `..`, backslashes or a leading `/` are refused. */
export interface ZipArchive {
  readonly names: readonly string[]
  /** The size that the archive states; reading more, or less, is an error. */
  bytes(name: string): number
  /** An entry's content; its checksum is compared when the end is reached. */
  stream(name: string): Promise<ByteStream>
  /** @throws FormatError when the entry is larger */
  read(name: string, bytesMax: number): Promise<Uint8Array<ArrayBuffer>>
  close(): void
}

/** @throws FormatError when the file is no zip archive, or not a whole one; the system's error when it can't be read */
export async function openZip(path: string): Promise<ZipArchive> {
  const file = basename(path)
  const zip = await asFormatError(file, openPromise(path, { autoClose: false }))
  try {
    const entries = await readEntries(file, zip)
    return new OpenArchive(file, zip, entries)
  } catch (error) {
    zip.close()
    throw error
  }
}

async function readEntries(file: string, zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > ENTRIES_MAX) throw new FormatError(file, `has more than ${ENTRIES_MAX} entries`)
  const entries = new Map<string, Entry>()
  const listing = zip.eachEntry()
  for (;;) {
    const next = await asFormatError(file, listing.next())
    if (next.done === true) return entries
    const entry = next.value
    if (entries.has(entry.fileName)) throw new FormatError(file, `has two entries ${JSON.stringify(entry.fileName)}`)
    entries.set(entry.fileName, entry)
  }
}

class OpenArchive implements ZipArchive {
  readonly names: readonly string[]
  readonly #file: string
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>

  constructor(file: string, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#file = file
    this.#zip = zip
    this.#entries = entries
    this.names = [...entries.keys()]
  }

  bytes(name: string): number {
    return this.#entry(name).uncompressedSize
  }

  async stream(name: string): Promise<ByteStream> {
    const entry = this.#entry(name)
    const label = `${this.#file}: ${name}`
    const content = await asFormatError(label, this.#zip.openReadStreamPromise(entry))
    return new ByteStream(label, checked(label, content, entry.crc32))
  }

  async read(name: string, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
    const label = `${this.#file}: ${name}`
    const bytes = this.bytes(name)
    if (bytes > bytesMax) throw new FormatError(label, `has ${bytes} bytes; at most ${bytesMax} are read`)
    const content = await this.stream(name)
    return await content.takeRest(bytes)
  }

  close(): void {
    this.#zip.close()
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name)
    if (entry === undefined) throw new FormatError(this.#file, `has no entry ${name}`)
    return entry
  }
}

/** yauzl leaves checksums to its callers. */
async function* checked(
  label: string,
  content: AsyncIterable<Uint8Array>,
  checksum: number,
): AsyncGenerator<Uint8Array, void, void> {
  let sum = 0
  try {
    for await (const chunk of content) {
      sum = crc32(chunk, sum)
      yield chunk
    }
  } catch (cause) {
    throw unreadable(label, cause)
  }
  if (sum !== checksum) throw new FormatError(label, 'is damaged: its checksum differs')
}

async function asFormatError<T>(label: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise
  } catch (cause) {
    throw unreadable(label, cause)
  }
}

function unreadable(label: string, cause: unknown): unknown {
  // A file that is missing or may not be read is not a broken archive.
  const isSystemError = cause instanceof Error && 'syscall' in cause
  if (isSystemError || cause instanceof FormatError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new FormatError(label, `can't be unpacked; it may be truncated: ${reason}`, { cause })
}
