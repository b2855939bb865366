import type { PickleGlobal, PickleGlobals } from '../../../formats/pickle/globals.ts'
import { globalName } from '../../../formats/pickle/globals.ts'
import { float16ToFloat32 } from '../float16.ts'

/** A tensor of a state_dict, dequantised to float32 (int64 too: only counters are of that type). */
export interface TorchTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

const DIMENSIONS_MAX = 8

const STORAGE_TYPES = { FloatStorage: 4, HalfStorage: 2, LongStorage: 8 } as const
type StorageType = keyof typeof STORAGE_TYPES

/** Raw values somewhere in the file, which tensors are views into. */
export interface TorchStorage {
  readonly type: StorageType
  /** Names the storage inside the file. */
  readonly key: string
  /** Values. */
  readonly length: number
}

/** A tensor whose values have not been read yet. */
export class TensorView {
  readonly storage: TorchStorage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]

  constructor(storage: TorchStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.strides = strides
  }
}

export function bytesPerValue(storage: TorchStorage): number {
  return STORAGE_TYPES[storage.type]
}

/** The only names that a state_dict may use. Parameters are read as the tensors that they wrap. */
export function torchGlobals(refuse: (reason: string) => never): PickleGlobals {
  const types = Object.keys(STORAGE_TYPES).map((type): [string, PickleGlobal] => [`torch ${type}`, {}])
  return new Map<string, PickleGlobal>([
    ...types,
    ['collections OrderedDict', { call: () => new Map() }],
    ['torch._utils _rebuild_tensor_v2', { call: (args) => rebuildTensor(args, refuse) }],
    ['torch._utils _rebuild_parameter', { call: ([tensor]) => tensor }],
  ])
}

/** @param id what torch.save writes for a storage: ('storage', type, key, location, length, and in old files a view) */
export function storageOf(id: unknown, refuse: (reason: string) => never): TorchStorage {
  const [kind, typeGlobal, key, , length, view]: readonly unknown[] = Array.isArray(id) ? id : []
  const type = globalName(typeGlobal)?.replace(/^torch /, '')
  if (kind !== 'storage' || !isStorageType(type) || typeof key !== 'string' || !isCount(length))
    return refuse('names a storage in a way that is not known')
  if (view !== undefined && view !== null) return refuse('has storages that are views of others, which is not read')
  return { type, key, length }
}

function isStorageType(type: string | undefined): type is StorageType {
  return type !== undefined && Object.hasOwn(STORAGE_TYPES, type)
}

/** @param args (storage, offset, shape, strides, whether it needs a gradient, hooks) */
function rebuildTensor(args: readonly unknown[], refuse: (reason: string) => never): TensorView {
  const [storage, offset, shape, strides] = args
  if (!isStorage(storage) || !isCount(offset) || !isCounts(shape) || !isCounts(strides))
    return refuse('has a tensor in a form that is not known')
  if (shape.length !== strides.length || shape.length > DIMENSIONS_MAX)
    return refuse('has a tensor of impossible shape')
  const elements = shape.reduce((product, size) => product * size, 1)
  const last = shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] ?? 0), offset)
  if (!Number.isSafeInteger(elements) || (elements > 0 && last >= storage.length))
    return refuse(`has a tensor of the shape (${shape.join(', ')}) that reaches beyond its storage`)
  return new TensorView(storage, offset, shape, strides)
}

function isStorage(value: unknown): value is TorchStorage {
  return typeof value === 'object' && value !== null && 'key' in value && 'type' in value && 'length' in value
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount)
}

export function elementsOf({ shape }: TensorView): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** @param bytes the storage's values, little-endian */
export function readTensor(view: TensorView, bytes: Uint8Array): TorchTensor {
  const { offset, shape, storage, strides } = view
  const values = new Float32Array(elementsOf(view))
  const readRun = runReader(storage.type, bytes, values)
  const run = runOf(view)
  const index = new Array<number>(run.axes).fill(0)
  let position = offset
  for (let start = 0; start < values.length; start += run.length) {
    readRun(start, position, run)
    // Counts up like an odometer, the last axis fastest.
    for (let axis = run.axes - 1; axis >= 0; axis--) {
      const stride = strides[axis] ?? 0
      const next = (index[axis] ?? 0) + 1
      position += stride
      index[axis] = next
      if (next < (shape[axis] ?? 0)) break
      position -= stride * next
      index[axis] = 0
    }
  }
  return { shape, values }
}

/** Values that stand at one distance from each other in the storage. */
interface Run {
  readonly length: number
  readonly stride: number
  /** How many axes lead from one run to the next. */
  readonly axes: number
}

function runOf({ shape, strides }: TensorView): Run {
  let axes = Math.max(0, shape.length - 1)
  let length = shape[axes] ?? 1
  const stride = strides[axes] ?? 1
  for (; axes > 0 && strides[axes - 1] === stride * length; axes--) length *= shape[axes - 1] ?? 0
  return { length, stride, axes }
}

/** Reads a run that begins at `position` in the storage to `start` and on in `values`. */
type RunReader = (start: number, position: number, run: Run) => void

function runReader(type: StorageType, bytes: Uint8Array, values: Float32Array): RunReader {
  const width = STORAGE_TYPES[type]
  const count = Math.floor(bytes.byteLength / width)
  // Little-endian, as every platform that Node.js runs on; a DataView takes ten times as long.
  const { buffer, byteOffset } = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes)
  switch (type) {
    case 'FloatStorage': {
      const floats = new Float32Array(buffer, byteOffset, count)
      return (start, position, { length, stride }) => {
        for (let i = 0; i < length; i++) values[start + i] = floats[position + i * stride] ?? Number.NaN
      }
    }
    case 'HalfStorage':
      return halfReader(new Uint16Array(buffer, byteOffset, count), values)
    case 'LongStorage': {
      const integers = new BigInt64Array(buffer, byteOffset, count)
      return (start, position, { length, stride }) => {
        for (let i = 0; i < length; i++) values[start + i] = Number(integers[position + i * stride])
      }
    }
  }
}

/** Looks values up in a table once there are more of them than the table has. */
function halfReader(halves: Uint16Array, values: Float32Array): RunReader {
  const ALL_HALVES = 2 ** 16
  const isLong = halves.length >= ALL_HALVES
  const table = Float32Array.from({ length: isLong ? ALL_HALVES : 0 }, (_, bits) => float16ToFloat32(bits))
  return (start, position, { length, stride }) => {
    for (let i = 0; i < length; i++) {
      const bits = halves[position + i * stride] ?? 0
      values[start + i] = isLong ? (table[bits] ?? Number.NaN) : float16ToFloat32(bits)
    }
  }
}
