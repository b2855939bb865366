import { basename } from 'node:path'
import { FormatError } from '../../../formats/format-error.ts'
import { ByteCursor } from '../../../formats/pickle/byte-cursor.ts'
import { unpickle } from '../../../formats/pickle/unpickle.ts'
import { openZip, type ZipArchive } from '../../../formats/zip-archive.ts'
import { tensorViews } from './state-dict.ts'
import { bytesPerValue, readTensor, storageOf, type TorchTensor, torchGlobals } from './tensor.ts'

const PICKLE_BYTES_MAX = 16 * 1024 * 1024
const BYTE_ORDER_BYTES_MAX = 16
const STORAGE_BYTES_MAX = 1024 ** 3

/**
 * Reads `<folder>/data.pkl` and the storages `<folder>/data/<key>` of a zip archive.
 * Source: PyTorch, torch/serialization.py, _save.
 * @throws FormatError
 */
export async function readZipCheckpoint(path: string): Promise<ReadonlyMap<string, TorchTensor>> {
  const archive = await openZip(path)
  try {
    const pickleName = archive.names.find((name) => /^[^/]+\/data\.pkl$/.test(name))
    if (pickleName === undefined) throw new FormatError(basename(path), 'is a zip archive but no PyTorch file')
    const folder = pickleName.slice(0, -'data.pkl'.length)
    await refuseBigEndian(archive, `${folder}byteorder`)
    const cursor = new ByteCursor(`${basename(path)}: data.pkl`, await archive.read(pickleName, PICKLE_BYTES_MAX))
    const refuse = (reason: string): never => cursor.refuse(reason)
    const root = unpickle(cursor, { globals: torchGlobals(refuse), persistent: (id) => storageOf(id, refuse) })
    const views = tensorViews(root, refuse)
    const tensors = new Map<string, TorchTensor>()
    // Tensors that share a storage stand one after another.
    let [held, content] = ['', new Uint8Array(0)]
    for (const [name, view] of views) {
      const entry = `${folder}data/${view.storage.key}`
      if (entry !== held) [held, content] = [entry, await archive.read(entry, STORAGE_BYTES_MAX)]
      if (content.length < view.storage.length * bytesPerValue(view.storage))
        throw new FormatError(`${basename(path)}: ${entry}`, 'is too short for its tensor')
      tensors.set(name, readTensor(view, content))
    }
    return tensors
  } finally {
    archive.close()
  }
}

/** Files of PyTorch 2.1 and newer say how their values are written; older ones are little-endian in practice. */
async function refuseBigEndian(archive: ZipArchive, entry: string): Promise<void> {
  if (!archive.names.includes(entry)) return
  const order = new TextDecoder().decode(await archive.read(entry, BYTE_ORDER_BYTES_MAX))
  if (order !== 'little') throw new FormatError(entry, 'says that the values are not little-endian')
}
