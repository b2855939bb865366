import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runPython } from './run-python.ts'

export interface OldSystemWish {
  readonly rows: number
  readonly columns: number
  /** A Python expression for an image's id; `i` is its row. */
  readonly imageId?: string
  /** A Python expression for the class id of row `i`. */
  readonly classId?: string
  /** The dtype of image ids, class ids and paths; NumPy chooses where absent. */
  readonly dtype?: string
  readonly compressed?: boolean
  /** Python statements that change `vectors`, `arrays` or `index` before they are written. */
  readonly edit?: string
}

/** What the old system kept, and its vectors as plain floats to compare with. */
export interface OldSystemFiles {
  readonly index: string
  readonly archive: string
  readonly vectors: string
}

const SCRIPT = `
import json, sys, faiss, numpy as np
for wish in json.loads(sys.argv[1]):
    rows, columns = wish['rows'], wish['columns']
    vectors = np.random.default_rng(7).standard_normal((rows, columns), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    image_id = eval('lambda i: ' + wish.get('imageId', "f'{i // 3}_{i % 3}'"))
    class_id = eval('lambda i: ' + wish.get('classId', 'i // 3 + 1'))
    listed = lambda values: np.array(values, dtype=wish.get('dtype'))
    arrays = dict(
        image_ids=listed([image_id(i) for i in range(rows)]),
        class_ids=listed([class_id(i) for i in range(rows)]),
        image_paths=listed([f'anh/người {i}.jpg' for i in range(rows)]),
        embeddings=vectors,
    )
    index = faiss.IndexFlatIP(columns)
    index.add(vectors)
    scope = dict(np=np, faiss=faiss, vectors=vectors, arrays=arrays, index=index, columns=columns)
    exec(wish.get('edit', ''), scope)
    faiss.write_index(scope['index'], wish['index'])
    (np.savez_compressed if wish.get('compressed') else np.savez)(wish['archive'], **arrays)
    vectors.tofile(wish['vectors'])
`

/** Writes the files of several old systems into folders 0, 1, 2 ... of `folder`, with faiss and numpy. */
export async function writeOldSystems(
  folder: string,
  wishes: readonly OldSystemWish[],
): Promise<readonly OldSystemFiles[]> {
  const files = wishes.map((_, position) => {
    const own = join(folder, String(position))
    return { index: join(own, 'faces.index'), archive: join(own, 'faces.npz'), vectors: join(own, 'vectors.f32') }
  })
  for (const position of wishes.keys()) await mkdir(join(folder, String(position)), { recursive: true })
  const described = wishes.map((wish, position) => ({ ...wish, ...files[position] }))
  await runPython(['faiss', 'numpy'], SCRIPT, [JSON.stringify(described)])
  return files
}
