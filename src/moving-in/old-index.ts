import { basename } from 'node:path'
import { FormatError } from '../formats/format-error.ts'
import type { NpyCell } from '../formats/npy/dtype.ts'
import { openNpyRows, readNpyList } from '../formats/npy/read-array.ts'
import { openZip, type ZipArchive } from '../formats/zip-archive.ts'
import { openFaissIndex } from './faiss-index.ts'

/** The vectors of the old system with what it knew of each; row i of everything belongs together. */
export interface OldIndex {
  readonly rows: number
  /** Values of a vector. */
  readonly columns: number
  readonly imageIds: readonly NpyCell[]
  readonly classIds: readonly NpyCell[]
  /** Null where the archive has none. */
  readonly imagePaths: readonly NpyCell[] | null
  /** Whether the vectors come from the archive's `embeddings` or, where it has none, from the FAISS index. */
  readonly source: 'embeddings' | 'index'
  /** `columns` values for each row of a batch. */
  batches(rowsPerBatch: number): AsyncGenerator<Float32Array<ArrayBuffer>, void, void>
  close(): Promise<void>
}

/**
 * Opens a FAISS `IndexFlatIP` and the NumPy archive beside it, and checks that both speak of the same number of images.
 * @throws FormatError
 */
export async function openOldIndex(indexPath: string, archivePath: string): Promise<OldIndex> {
  const index = await openFaissIndex(indexPath)
  try {
    const archive = await openZip(archivePath)
    try {
      const file = basename(archivePath)
      const lists = await readLists(file, archive, index.rows)
      const embeddings = await openEmbeddings(archive, index.rows)
      if (embeddings !== null && embeddings.columns !== index.columns)
        throw new FormatError(file, `has embeddings of ${embeddings.columns} values, the index has ${index.columns}`)
      const vectors = embeddings ?? index
      return {
        ...lists,
        rows: index.rows,
        columns: index.columns,
        source: embeddings === null ? 'index' : 'embeddings',
        batches: (rowsPerBatch) => vectors.batches(rowsPerBatch),
        async close() {
          await embeddings?.close()
          archive.close()
          await index.close()
        },
      }
    } catch (error) {
      archive.close()
      throw error
    }
  } catch (error) {
    await index.close()
    throw error
  }
}

async function readLists(file: string, archive: ZipArchive, rows: number) {
  const list = async (name: string): Promise<readonly NpyCell[] | null> => {
    if (!archive.names.includes(`${name}.npy`)) return null
    const cells = await readNpyList(await archive.stream(`${name}.npy`))
    if (cells.length !== rows)
      throw new FormatError(file, `has ${cells.length} ${name}, but the index has ${rows} vectors; save both together`)
    return cells
  }
  const missing = (name: string): never => {
    throw new FormatError(file, `has no array ${name} (it has ${archive.names.join(', ')})`)
  }
  return {
    imageIds: (await list('image_ids')) ?? missing('image_ids'),
    classIds: (await list('class_ids')) ?? missing('class_ids'),
    imagePaths: await list('image_paths'),
  }
}

/** Null where the archive has no embeddings, or an empty array of them. */
async function openEmbeddings(archive: ZipArchive, rows: number) {
  const entry = 'embeddings.npy'
  if (!archive.names.includes(entry)) return null
  const stream = await archive.stream(entry)
  const embeddings = await openNpyRows(stream)
  if (embeddings.rows === 0 && rows > 0) {
    await stream.close()
    return null
  }
  if (embeddings.rows !== rows)
    stream.refuse(`has ${embeddings.rows} rows, but the index has ${rows} vectors; save both together`)
  return { ...embeddings, close: () => stream.close() }
}
