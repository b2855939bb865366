import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { ByteStream } from '../formats/byte-stream.ts'

/** Read from the file at once, bytes. */
const CHUNK_BYTES = 1024 * 1024
const FLOAT_BYTES = 4
const METRIC_INNER_PRODUCT = 0
const DIMENSION_MAX = 65_536
/** d (int32), ntotal (int64), two unused int64, is_trained (byte), metric_type (int32). */
const HEADER_BYTES = 33

/** Names that users know, for what can't be read. */
const OTHER_INDEXES: ReadonlyMap<string, string> = new Map([
  ['IxF2', 'IndexFlatL2'],
  ['IxFl', 'IndexFlat'],
  ['IxMp', 'IndexIDMap'],
  ['IxM2', 'IndexIDMap2'],
  ['IwFl', 'IndexIVFFlat'],
  ['IwPQ', 'IndexIVFPQ'],
  ['IHNf', 'IndexHNSWFlat'],
  ['IxPq', 'IndexPQ'],
  ['IxPT', 'IndexPreTransform'],
])

export interface FaissIndex {
  readonly rows: number
  readonly columns: number
  /** `columns` values for each row of a batch, in the order in which they were added. */
  batches(rowsPerBatch: number): AsyncGenerator<Float32Array<ArrayBuffer>, void, void>
  close(): Promise<void>
}

/**
 * Opens an `IndexFlatIP` that faiss.write_index wrote on a little-endian machine.
 * Source: FAISS, faiss/impl/index_write.cpp.
 * @throws FormatError for any other index, by its name, and for one that is not whole
 */
export async function openFaissIndex(path: string): Promise<FaissIndex> {
  const file = await open(path)
  const { size } = await file.stat()
  const stream = new ByteStream(basename(path), file.createReadStream({ highWaterMark: CHUNK_BYTES }))
  try {
    const { rows, columns } = await readHeader(stream)
    const end = stream.position + rows * columns * FLOAT_BYTES
    if (size < end) stream.refuse(`is truncated: it has ${size} of ${end} bytes`)
    return {
      rows,
      columns,
      async *batches(rowsPerBatch) {
        for (let row = 0; row < rows; row += rowsPerBatch) {
          const count = Math.min(rowsPerBatch, rows - row)
          const bytes = await stream.take(count * columns * FLOAT_BYTES)
          yield new Float32Array(bytes.buffer)
        }
        await stream.expectEnd()
      },
      close: () => stream.close(),
    }
  } catch (error) {
    await stream.close()
    throw error
  }
}

async function readHeader(stream: ByteStream): Promise<{ rows: number; columns: number }> {
  const fourcc = new TextDecoder('latin1').decode(await stream.take(4))
  if (fourcc !== 'IxFI') {
    const name = OTHER_INDEXES.get(fourcc)
    return stream.refuse(name === undefined ? 'is no FAISS index' : `is a FAISS ${name}; only IndexFlatIP can be read`)
  }
  const header = new DataView((await stream.take(HEADER_BYTES)).buffer)
  const columns = header.getInt32(0, true)
  const rows = Number(header.getBigInt64(4, true))
  const metric = header.getInt32(29, true)
  if (metric !== METRIC_INNER_PRODUCT) stream.refuse(`compares by metric ${metric}, not by inner product`)
  if (columns < 1 || columns > DIMENSION_MAX || rows < 0 || !Number.isSafeInteger(rows * columns))
    stream.refuse(`states the impossible size ${rows} × ${columns}`)
  const values = Number(new DataView((await stream.take(8)).buffer).getBigUint64(0, true))
  if (values !== rows * columns) stream.refuse(`states ${rows} vectors of ${columns} values and holds ${values} values`)
  return { rows, columns }
}
