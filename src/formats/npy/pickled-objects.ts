import type { ByteCursor } from '../pickle/byte-cursor.ts'
import { globalName, type PickleGlobal, type PickleGlobals } from '../pickle/globals.ts'
import { type Completable, unpickle } from '../pickle/unpickle.ts'
import { decodeCells, type NpyCell, parseDtype } from './dtype.ts'

const OBJECT_STATE_LENGTH = 5

/**
 * The elements of an object array, in the order of its memory; only text, numbers and None may be in it.
 * @param cursor at the pickle that follows the .npy header
 */
export function readPickledObjects(cursor: ByteCursor): readonly NpyCell[] {
  const refuse = (reason: string): never => cursor.refuse(reason)
  const array = unpickle(cursor, { globals: numpyGlobals(refuse) })
  if (!(array instanceof PickledArray) || array.cells === null)
    return refuse('holds a pickle that is no array of objects')
  return array.cells
}

/** Both names that NumPy's core has had: `numpy.core` up to 1.x, `numpy._core` from 2.0 on. */
function numpyGlobals(refuse: (reason: string) => never): PickleGlobals {
  const reconstruct: PickleGlobal = { call: () => new PickledArray(refuse) }
  const scalar: PickleGlobal = { call: (args) => decodeScalar(args, refuse) }
  return new Map<string, PickleGlobal>([
    ['numpy ndarray', {}],
    ['numpy dtype', { call: ([code]) => new PickledDtype(code, refuse) }],
    ['numpy.core.multiarray _reconstruct', reconstruct],
    ['numpy._core.multiarray _reconstruct', reconstruct],
    ['numpy.core.multiarray scalar', scalar],
    ['numpy._core.multiarray scalar', scalar],
  ])
}

class PickledDtype implements Completable {
  readonly code: string
  order = '<'

  constructor(code: unknown, refuse: (reason: string) => never) {
    this.code = typeof code === 'string' ? code : refuse('holds a NumPy type without a name')
  }

  complete(state: unknown): void {
    if (Array.isArray(state) && typeof state[1] === 'string') this.order = state[1]
  }
}

class PickledArray implements Completable {
  cells: readonly NpyCell[] | null = null
  readonly #refuse: (reason: string) => never

  constructor(refuse: (reason: string) => never) {
    this.#refuse = refuse
  }

  /** @param state (version, shape, dtype, whether in Fortran order, list of the elements) */
  complete(state: unknown): void {
    const elements: unknown =
      Array.isArray(state) && state.length === OBJECT_STATE_LENGTH ? state[OBJECT_STATE_LENGTH - 1] : null
    this.cells = Array.isArray(elements)
      ? elements.map((element: unknown) => toCell(element, this.#refuse))
      : this.#refuse('holds an array whose elements are no objects')
  }
}

function decodeScalar(args: readonly unknown[], refuse: (reason: string) => never): NpyCell {
  const [dtype, bytes] = args
  if (!(dtype instanceof PickledDtype) || !(bytes instanceof Uint8Array))
    return refuse('holds an unreadable NumPy number')
  const parsed = parseDtype(`${dtype.order}${dtype.code}`, refuse)
  if (parsed.itemBytes !== bytes.length) return refuse('holds a NumPy number of the wrong size')
  return decodeCells(parsed, bytes, 1, refuse)[0] ?? null
}

function toCell(element: unknown, refuse: (reason: string) => never): NpyCell {
  if (element === null || typeof element === 'string' || typeof element === 'number' || typeof element === 'bigint')
    return element
  if (element instanceof Uint8Array) return new TextDecoder().decode(element)
  return refuse(`holds objects that are neither text nor numbers (${globalName(element) ?? typeof element})`)
}
