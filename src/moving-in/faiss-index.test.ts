import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryData } from '../../test/models/temporary-data.ts'
import { runPython } from '../../test/python/run-python.ts'
import { openFaissIndex } from './faiss-index.ts'

/** Writes the index that `make`, a Python expression, gives, and answers where. */
async function written(make: string): Promise<string> {
  const path = join(await temporaryData(), 'faces.index')
  const script = `
import sys, faiss, numpy as np
def flat(index, rows):
    index.add(np.arange(rows * index.d, dtype='float32').reshape(rows, index.d))
    return index
faiss.write_index(${make}, sys.argv[1])`
  await runPython(['faiss', 'numpy'], script, [path])
  return path
}

async function vectorsOf(path: string, rowsPerBatch: number): Promise<number[]> {
  const index = await openFaissIndex(path)
  try {
    const values: number[] = []
    for await (const batch of index.batches(rowsPerBatch)) values.push(...batch)
    return values
  } finally {
    await index.close()
  }
}

it.each([
  [7, 5, 3],
  [0, 4, 10],
  [3, 512, 3],
])('reads %d vectors of %d values that FAISS wrote', async (rows, columns, rowsPerBatch) => {
  const path = await written(`flat(faiss.IndexFlatIP(${columns}), ${rows})`)
  const { rows: rowsRead, columns: columnsRead, close } = await openFaissIndex(path)
  await close()
  expect([rowsRead, columnsRead]).toEqual([rows, columns])
  expect(await vectorsOf(path, rowsPerBatch)).toEqual(Array.from({ length: rows * columns }, (_, i) => i))
})

it.each([
  ['flat(faiss.IndexFlatL2(4), 2)', 'is a FAISS IndexFlatL2; only IndexFlatIP can be read'],
  ['faiss.IndexIDMap(faiss.IndexFlatIP(4))', 'is a FAISS IndexIDMap'],
  ['faiss.IndexHNSWFlat(4, 8)', 'is a FAISS IndexHNSWFlat'],
])('refuses %s by its name', async (make, reason) => {
  await expect(openFaissIndex(await written(make))).rejects.toThrow(reason)
})

it('refuses an index that is cut off, lengthened, contradictory, or none', async () => {
  const path = await written('flat(faiss.IndexFlatIP(4), 3)')
  const whole = await readFile(path)
  for (const length of [0, 3, 20, 44, whole.length - 1]) {
    await writeFile(path, whole.subarray(0, length))
    await expect(vectorsOf(path, 2)).rejects.toThrow('is truncated')
  }
  await writeFile(path, Buffer.concat([whole, Buffer.from([0])]))
  await expect(vectorsOf(path, 2)).rejects.toThrow('has bytes after its content')
  const fewer = Buffer.from(whole)
  fewer.writeBigInt64LE(2n, 8)
  await writeFile(path, fewer)
  await expect(vectorsOf(path, 2)).rejects.toThrow('states 2 vectors of 4 values and holds 12 values')
  await writeFile(path, 'PK\x03\x04 something else that is long enough to be read')
  await expect(vectorsOf(path, 2)).rejects.toThrow('is no FAISS index')
})
