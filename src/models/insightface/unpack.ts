import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Refusal } from '../../domain/errors.ts'
import { FormatError } from '../../formats/format-error.ts'
import { openZip } from '../../formats/zip-archive.ts'
import { MODEL_FILE_BYTES_MAX } from '../packs/manifest.ts'

const FILES_MAX = 32
const UNPACKED_BYTES_MAX = 2 * MODEL_FILE_BYTES_MAX
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.onnx$/

/**
 * Unpacks the ONNX files of an archive into one folder, without the archive's folders. Everything becomes a plain file
 * there, so a link in the archive is at most a bad model.
 * @param target an empty folder
 * @throws Refusal `model-refused` at paths that lead elsewhere, two files of one name, encryption, wrong checksums, and
 *   anything that unpacks to absurdly much
 */
export async function unpackModels(archive: string, target: string): Promise<void> {
  try {
    const zip = await openZip(archive)
    try {
      const entries = zip.names.filter((name) => name.endsWith('.onnx'))
      checkNames(entries.map((name) => path.posix.basename(name)))
      const total = entries.reduce((sum, name) => sum + zip.bytes(name), 0)
      if (total > UNPACKED_BYTES_MAX) throw refusal(`unpacks to ${total} bytes, more than ${UNPACKED_BYTES_MAX}`)
      for (const name of entries) {
        const bytes = await zip.read(name, MODEL_FILE_BYTES_MAX)
        await writeFile(path.join(target, path.posix.basename(name)), bytes, { flag: 'wx' })
      }
    } finally {
      zip.close()
    }
  } catch (error) {
    if (error instanceof FormatError) throw refusal(`cannot be read: ${error.message}`, error)
    throw error
  }
}

function checkNames(names: readonly string[]): void {
  if (names.length === 0) throw refusal('holds no .onnx file')
  if (names.length > FILES_MAX) throw refusal(`holds ${names.length} models, more than ${FILES_MAX}`)
  for (const [index, name] of names.entries()) {
    if (!FILE_NAME.test(name)) throw refusal(`holds a file with the name ${JSON.stringify(name.slice(0, 80))}`)
    if (names.indexOf(name) !== index) throw refusal(`holds ${name} twice`)
  }
}

function refusal(reason: string, cause?: unknown): Refusal {
  return new Refusal('model-refused', { reason: `the archive ${reason}` }, { cause })
}
