import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryData } from '../../../test/models/temporary-data.ts'
import { runPython } from '../../../test/python/run-python.ts'
import { ByteStream } from '../byte-stream.ts'
import { FormatError } from '../format-error.ts'
import { openZip } from '../zip-archive.ts'
import { openNpyRows, readNpyList } from './read-array.ts'

/** Saves `arrays`, a Python expression for a dictionary, and gives the archive to `use`. */
async function saved(arrays: string, save: 'savez' | 'savez_compressed' = 'savez') {
  const path = join(await temporaryData(), 'arrays.npz')
  await runPython(['numpy'], `import sys, numpy as np\nnp.${save}(sys.argv[1], **${arrays})`, [path])
  const archive = await openZip(path)
  return {
    list: async (name: string) => readNpyList(await archive.stream(`${name}.npy`)),
    rows: async (name: string) => openNpyRows(await archive.stream(`${name}.npy`)),
  }
}

const LISTS = `dict(
  unicode=np.array(['123_0', 'Nguyễn Văn Á', '😀', '']),
  byte_strings=np.array([b'a', 'é'.encode()]),
  objects=np.array(['123_0', 17, None, 'Đ', 2**60, np.int64(7), np.str_('ơ'), np.float32(0.5)], dtype=object),
  column=np.arange(3).reshape(3, 1),
  i8=np.array([-1, 2**62]), i4=np.array([-2**31, 5], dtype='i4'), i2=np.array([-3], dtype='i2'), i1=np.array([-4], dtype='i1'),
  u8=np.array([2**64 - 1], dtype='u8'), u4=np.array([2**32 - 1], dtype='u4'), u2=np.array([65535], dtype='u2'), u1=np.array([255], dtype='u1'),
  f4=np.array([0.5], dtype='f4'), f8=np.array([0.1]),
  none=np.array([], dtype='<U1'), scalar=np.array(9))`

it.each(['savez', 'savez_compressed'] as const)('reads every kind of list that numpy.%s wrote', async (save) => {
  const { list } = await saved(LISTS, save)
  expect(await list('unicode')).toEqual(['123_0', 'Nguyễn Văn Á', '😀', ''])
  expect(await list('byte_strings')).toEqual(['a', 'é'])
  expect(await list('objects')).toEqual(['123_0', 17, null, 'Đ', 2n ** 60n, 7, 'ơ', 0.5])
  expect(await list('column')).toEqual([0, 1, 2])
  expect(await list('i8')).toEqual([-1, 2n ** 62n])
  expect(await list('i4')).toEqual([-(2 ** 31), 5])
  expect(await list('i2')).toEqual([-3])
  expect(await list('i1')).toEqual([-4])
  expect(await list('u8')).toEqual([2n ** 64n - 1n])
  expect(await list('u4')).toEqual([2 ** 32 - 1])
  expect(await list('u2')).toEqual([65535])
  expect(await list('u1')).toEqual([255])
  expect(await list('f4')).toEqual([0.5])
  expect(await list('f8')).toEqual([0.1])
  expect(await list('none')).toEqual([])
  expect(await list('scalar')).toEqual([9])
})

it('reads rows of float32 and float64 in batches', async () => {
  const { rows } = await saved('dict(f4=np.arange(21, dtype="f4").reshape(7, 3), f8=np.full((2, 2), 0.1))')
  const array = await rows('f4')
  expect([array.rows, array.columns]).toEqual([7, 3])
  const batches: number[][] = []
  for await (const batch of array.batches(4)) batches.push([...batch])
  expect(batches.map((batch) => batch.length)).toEqual([12, 9])
  expect(batches.flat()).toEqual(Array.from({ length: 21 }, (_, i) => i))
  for await (const batch of (await rows('f8')).batches(10)) expect([...batch]).toEqual(Array(4).fill(Math.fround(0.1)))
})

it.each([
  ["dict(a=np.array([1.5], dtype='>f4'))", /big-endian/],
  ['dict(a=np.array([1+2j]))', /"<c16", which is not read/],
  ['dict(a=np.zeros((2, 3)))', /shape \(2, 3\) where a list belongs/],
  ["dict(a=np.array([(1, 2.0)], dtype=[('x', 'i4'), ('y', 'f4')]))", /entries that NumPy does not write/],
  ['dict(a=np.array([{1: 2}], dtype=object))', /neither text nor numbers/],
  ['dict(a=np.array([np.float64], dtype=object))', /asks for numpy\.float64, which is not allowed; nothing was run/],
])('refuses the list %s', async (arrays, reason) => {
  const { list } = await saved(arrays)
  await expect(list('a')).rejects.toThrow(reason)
})

it.each([
  ['dict(a=np.zeros((3, 2), order="F"))', /Fortran order; save numpy\.ascontiguousarray/],
  ['dict(a=np.zeros(3))', /shape \(3\) where rows of numbers belong/],
  ['dict(a=np.zeros((2, 2), dtype="i4"))', /kind signed where float32 belongs/],
])('refuses the rows %s', async (arrays, reason) => {
  const { rows } = await saved(arrays)
  await expect(rows('a')).rejects.toThrow(reason)
})

it('runs nothing that an object array asks for', async () => {
  const folder = await temporaryData()
  const evidence = join(folder, 'evidence')
  const path = join(folder, 'evil.npz')
  const script = `
import os, sys, numpy as np
class Evil:
    def __reduce__(self): return (os.system, ('touch ' + sys.argv[2],))
np.savez(sys.argv[1], a=np.array([Evil()], dtype=object))`
  await runPython(['numpy'], script, [path, evidence])
  const archive = await openZip(path)
  await expect(readNpyList(await archive.stream('a.npy'))).rejects.toThrow('posix.system, which is not allowed')
  await expect(import('node:fs/promises').then(({ stat }) => stat(evidence))).rejects.toThrow('ENOENT')
})

/** An .npy file of the given format whose header is `header`. */
function npy(version: 1 | 2 | 3, header: string, content = new Uint8Array(0)): ByteStream {
  const text = new TextEncoder().encode(header)
  const length = new Uint8Array(version === 1 ? 2 : 4)
  const view = new DataView(length.buffer)
  if (version === 1) view.setUint16(0, text.length, true)
  else view.setUint32(0, text.length, true)
  const parts = [new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]), length, text, content]
  return new ByteStream(
    'a.npy',
    (async function* () {
      // A byte at a time, so that every boundary between chunks is tried.
      for (const part of parts) for (const byte of part) yield new Uint8Array([byte])
    })(),
  )
}

it.each([1, 2, 3] as const)('reads headers of format %d, in any order and spacing', async (version) => {
  const header = `{ "shape" : ( 2L, ) ,'fortran_order':False, 'descr' : "|u1"}   \n`
  expect(await readNpyList(npy(version, header, new Uint8Array([7, 8])))).toEqual([7, 8])
})

it.each([
  ["{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", /truncated: it ends after 67 bytes/],
  ["{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }", /at most 5000000 are read/],
  ["{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999, 9999999999999), }", /impossible shape/],
  ["{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", /entries that NumPy does not write/],
  ["{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }", /entries that NumPy does not write/],
  ["{'descr': '<f4', 'fortran_order': False}", /without exactly descr, fortran_order and shape/],
  ["{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", /entries that NumPy does not write/],
  ["{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': True}", /without exactly/],
  ["{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (1,)}", /does not write/],
  ['[1, 2]', /no Python dictionary/],
])('refuses the header %s', async (header, reason) => {
  const refused = readNpyList(npy(1, header))
  await expect(refused).rejects.toThrow(FormatError)
  await expect(refused).rejects.toThrow(reason)
})

it('refuses what follows the last element', async () => {
  const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }"
  await expect(readNpyList(npy(1, header, new Uint8Array(2)))).rejects.toThrow('has bytes after its content')
})
