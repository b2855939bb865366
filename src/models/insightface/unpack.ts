import { open } from 'node:fs/promises'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { Refusal } from '../../domain/errors.ts'
import { MODEL_FILE_BYTES_MAX } from '../packs/manifest.ts'

const ENTRIES_MAX = 100
const UNPACKED_BYTES_MAX = 2 * MODEL_FILE_BYTES_MAX
/** Weights hardly compress; a file that shrank more than this was made to fill a disk. */
const RATIO_MAX = 100
/** Below this a high ratio is harmless. */
const RATIO_MATTERS_BYTES = 1024 ** 2
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.onnx$/
const FILE_TYPE_MASK = 0o170000
const PLAIN_FILE = 0o100000
const UNIX = 3

/**
 * Unpacks the ONNX files of an archive into one folder, without the archive's folders.
 * @param target an empty folder
 * @returns the files' names
 * @throws Refusal `model-refused` at links, paths that lead elsewhere, two files of one name, encryption, wrong
 *   checksums, and anything that unpacks to absurdly much
 */
export async function unpackModels(archive: string, target: string): Promise<readonly string[]> {
  const zip = await openPromise(archive, { strictFileNames: true, validateEntrySizes: true }).catch(refuseUnreadable)
  try {
    if (zip.entryCount > ENTRIES_MAX) throw refusal(`holds ${zip.entryCount} entries, more than ${ENTRIES_MAX}`)
    const names: string[] = []
    let total = 0
    for await (const entry of zip.eachEntry()) {
      checkEntry(entry)
      total += entry.uncompressedSize
      if (total > UNPACKED_BYTES_MAX) throw refusal(`unpacks to more than ${UNPACKED_BYTES_MAX} bytes`)
      if (!entry.fileName.endsWith('.onnx')) continue
      const name = path.posix.basename(entry.fileName)
      if (!FILE_NAME.test(name)) throw refusal(`holds a file with the name ${JSON.stringify(name.slice(0, 80))}`)
      if (names.includes(name)) throw refusal(`holds ${name} twice`)
      names.push(name)
      await writeEntry(zip, entry, path.join(target, name))
    }
    return names
  } catch (error) {
    return refuseUnreadable(error)
  } finally {
    zip.close()
  }
}

function checkEntry(entry: Entry): void {
  const name = JSON.stringify(entry.fileName.slice(0, 80))
  const mode = entry.externalFileAttributes >>> 16
  const type = mode & FILE_TYPE_MASK
  const isFolder = entry.fileName.endsWith('/')
  if (entry.versionMadeBy >> 8 === UNIX && type !== 0 && type !== PLAIN_FILE && !isFolder) {
    throw refusal(`holds ${name}, which is a link or a device`)
  }
  if (entry.isEncrypted()) throw refusal(`holds ${name}, which is encrypted`)
  if (entry.uncompressedSize > MODEL_FILE_BYTES_MAX) {
    throw refusal(`holds ${name} of ${entry.uncompressedSize} bytes, more than ${MODEL_FILE_BYTES_MAX}`)
  }
  if (entry.uncompressedSize > RATIO_MATTERS_BYTES && entry.uncompressedSize > RATIO_MAX * entry.compressedSize) {
    throw refusal(`holds ${name}, which unpacks to more than ${RATIO_MAX} times its size`)
  }
}

async function writeEntry(zip: ZipFile, entry: Entry, target: string): Promise<void> {
  const stream = await zip.openReadStreamPromise(entry)
  const file = await open(target, 'wx')
  try {
    let checksum = 0
    for await (const chunk of stream) {
      checksum = crc32(chunk, checksum)
      await file.writeFile(chunk)
    }
    if (checksum !== entry.crc32) throw refusal(`holds ${path.basename(target)}, whose checksum is wrong`)
  } finally {
    await file.close()
  }
}

/** The zip library's complaints are about the file, which is foreign. */
function refuseUnreadable(cause: unknown): never {
  if (cause instanceof Refusal) throw cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  throw new Refusal('model-refused', { reason: `the archive cannot be read: ${reason.slice(0, 200)}` }, { cause })
}

function refusal(reason: string): Refusal {
  return new Refusal('model-refused', { reason: `the archive ${reason}` })
}
