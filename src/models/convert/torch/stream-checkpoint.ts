import { basename } from 'node:path'
import { ByteCursor } from '../../../formats/pickle/byte-cursor.ts'
import { unpickle } from '../../../formats/pickle/unpickle.ts'
import { readBoundedFile } from '../../packs/pack-file.ts'
import { tensorViews } from './state-dict.ts'
import { bytesPerValue, readTensor, storageOf, type TorchStorage, type TorchTensor, torchGlobals } from './tensor.ts'

const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn
const PROTOCOL_VERSION = 1001

/**
 * Reads the container of PyTorch before 1.6: pickles of the magic number, the protocol version, facts about the
 * machine, the object and the storage keys, then each storage as an int64 count and its raw values.
 * Source: PyTorch, torch/serialization.py, _legacy_save.
 * @throws FormatError
 */
export async function readStreamCheckpoint(path: string): Promise<ReadonlyMap<string, TorchTensor>> {
  const cursor = new ByteCursor(basename(path), await readBoundedFile(path))
  const refuse = (reason: string): never => cursor.refuse(reason)
  const plain = { globals: torchGlobals(refuse) }
  if (unpickle(cursor, plain) !== MAGIC_NUMBER) refuse('is no PyTorch file')
  if (unpickle(cursor, plain) !== PROTOCOL_VERSION) refuse('has an unknown version of the PyTorch format')
  const machine = unpickle(cursor, plain)
  if (!(machine instanceof Map) || machine.get('little_endian') !== true)
    refuse('says that the values are not little-endian')

  const storages = new Map<string, TorchStorage>()
  const persistent = (id: unknown) => {
    const storage = storageOf(id, refuse)
    const known = storages.get(storage.key)
    if (known !== undefined && (known.type !== storage.type || known.length !== storage.length))
      refuse('states one storage in two ways')
    storages.set(storage.key, storage)
    return storage
  }
  const views = tensorViews(unpickle(cursor, { ...plain, persistent }), refuse)
  const content = readStorages(cursor, unpickle(cursor, plain), storages)
  return new Map(
    views.map(([name, view]) => [
      name,
      readTensor(view, content.get(view.storage.key) ?? refuse(`lacks the values of ${name}`)),
    ]),
  )
}

function readStorages(
  cursor: ByteCursor,
  keys: unknown,
  storages: ReadonlyMap<string, TorchStorage>,
): ReadonlyMap<string, Uint8Array> {
  if (!Array.isArray(keys)) return cursor.refuse('has no list of storages')
  const content = new Map<string, Uint8Array>()
  for (const key of keys) {
    const storage = storages.get(key)
    if (storage === undefined) return cursor.refuse('has a storage that no tensor names')
    if (cursor.int64() !== BigInt(storage.length)) cursor.refuse('has a storage of another length than its tensor says')
    content.set(storage.key, cursor.bytes(storage.length * bytesPerValue(storage)))
  }
  return content
}
