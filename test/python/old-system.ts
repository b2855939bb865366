import { runPython } from './run-python.ts'

export interface OldSystemWish {
  /** Where `faces.index` and `faces.npz` are written. */
  readonly folder: string
  readonly rows: number
  readonly columns: number
  /** A Python expression for the list of image ids; `i` runs through the rows. */
  readonly imageId?: string
  readonly classId?: string
  /** A Python expression for the dtype of image ids, class ids and paths; null lets NumPy choose. */
  readonly dtype?: string
  readonly compressed?: boolean
  /** Python statements that change `vectors`, `arrays` or `index` before they are written. */
  readonly edit?: string
}

const SCRIPT = `
import sys, faiss, numpy as np
folder, rows, columns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rng = np.random.default_rng(7)
vectors = rng.standard_normal((rows, columns), dtype=np.float32)
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
def listed(values):
    return np.array(values, dtype=DTYPE)
arrays = dict(
    image_ids=listed([IMAGE_ID for i in range(rows)]),
    class_ids=listed([CLASS_ID for i in range(rows)]),
    image_paths=listed([f'anh/người {i}.jpg' for i in range(rows)]),
    embeddings=vectors,
)
index = faiss.IndexFlatIP(columns)
index.add(vectors)
THEN
faiss.write_index(index, folder + '/faces.index')
np.SAVE(folder + '/faces.npz', **arrays)
vectors.tofile(folder + '/vectors.f32')
`

/** Writes what the old system kept: its FAISS index and NumPy archive, and the vectors as plain floats to compare with. */
export async function writeOldSystem(wish: OldSystemWish): Promise<{ index: string; archive: string }> {
  const script = SCRIPT.replace('IMAGE_ID', wish.imageId ?? "f'{i // 3}_{i % 3}'")
    .replace('CLASS_ID', wish.classId ?? 'i // 3 + 1')
    .replace('DTYPE', wish.dtype ?? 'None')
    .replace('THEN', wish.edit ?? '')
    .replace('SAVE', wish.compressed === true ? 'savez_compressed' : 'savez')
  await runPython(['faiss', 'numpy'], script, [wish.folder, String(wish.rows), String(wish.columns)])
  return { index: `${wish.folder}/faces.index`, archive: `${wish.folder}/faces.npz` }
}
