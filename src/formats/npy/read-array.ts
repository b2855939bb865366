import type { ByteStream } from '../byte-stream.ts'
import { ByteCursor } from '../pickle/byte-cursor.ts'
import { decodeCells, type NpyCell } from './dtype.ts'
import { type NpyHeader, readNpyHeader } from './header.ts'
import { readPickledObjects } from './pickled-objects.ts'

/** Elements of a list of ids or labels. */
const LIST_ELEMENTS_MAX = 5_000_000
const LIST_BYTES_MAX = 1024 * 1024 * 1024
const PICKLE_BYTES_MAX = 512 * 1024 * 1024
/** How much is decoded at a time; wide text needs four bytes a character before it becomes a string. */
const DECODE_BYTES = 1024 * 1024

/**
 * A whole array of one dimension (or of several of which only one is longer than 1).
 * @throws FormatError for everything else, and when the file is not whole
 */
export async function readNpyList(stream: ByteStream): Promise<readonly NpyCell[]> {
  const header = await readNpyHeader(stream)
  const { dtype, elements, shape } = header
  if (shape.filter((length) => length > 1).length > 1)
    stream.refuse(`has the shape ${shapeText(header)} where a list belongs`)
  if (elements > LIST_ELEMENTS_MAX) stream.refuse(`has ${elements} elements; at most ${LIST_ELEMENTS_MAX} are read`)
  const bytes = elements * dtype.itemBytes
  if (bytes > LIST_BYTES_MAX) stream.refuse(`has ${bytes} bytes of elements; at most ${LIST_BYTES_MAX} are read`)
  if (dtype.kind === 'object') return await readObjects(stream, elements)
  const cells: NpyCell[] = []
  const step = Math.max(1, Math.floor(DECODE_BYTES / Math.max(1, dtype.itemBytes)))
  while (cells.length < elements) {
    const count = Math.min(step, elements - cells.length)
    const piece = await stream.take(count * dtype.itemBytes)
    for (const cell of decodeCells(dtype, piece, count, (reason) => stream.refuse(reason))) cells.push(cell)
  }
  await stream.expectEnd()
  return cells
}

async function readObjects(stream: ByteStream, elements: number): Promise<readonly NpyCell[]> {
  const cells = readPickledObjects(new ByteCursor(stream.name, await stream.takeRest(PICKLE_BYTES_MAX)))
  if (cells.length !== elements) stream.refuse(`says that it has ${elements} elements and holds ${cells.length}`)
  return cells
}

/** A two-dimensional array of floats, row by row. */
export interface NpyRows {
  readonly rows: number
  readonly columns: number
  /** `columns` values for each row of a batch, one row after another; float64 is rounded to float32. */
  batches(rowsPerBatch: number): AsyncGenerator<Float32Array<ArrayBuffer>, void, void>
}

/** @throws FormatError for other element types and shapes, Fortran order, and when the file is not whole */
export async function openNpyRows(stream: ByteStream): Promise<NpyRows> {
  const header = await readNpyHeader(stream)
  const { dtype, fortranOrder, shape } = header
  const [rows, columns] = shape
  if (rows === undefined || columns === undefined || shape.length !== 2)
    return stream.refuse(`has the shape ${shapeText(header)} where rows of numbers belong`)
  if (dtype.kind !== 'float') return stream.refuse(`has elements of the kind ${dtype.kind} where float32 belongs`)
  if (fortranOrder && rows > 1 && columns > 1)
    return stream.refuse('is in Fortran order; save numpy.ascontiguousarray(...) of it')
  const { itemBytes } = dtype
  return {
    rows,
    columns,
    async *batches(rowsPerBatch) {
      for (let row = 0; row < rows; row += rowsPerBatch) {
        const count = Math.min(rowsPerBatch, rows - row)
        const bytes = await stream.take(count * columns * itemBytes)
        yield itemBytes === 4 ? new Float32Array(bytes.buffer) : Float32Array.from(new Float64Array(bytes.buffer))
      }
      await stream.expectEnd()
    },
  }
}

function shapeText({ shape }: NpyHeader): string {
  return `(${shape.join(', ')})`
}
