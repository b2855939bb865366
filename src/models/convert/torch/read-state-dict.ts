import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { Refusal } from '../../../domain/errors.ts'
import { FormatError } from '../../../formats/format-error.ts'
import { readStreamCheckpoint } from './stream-checkpoint.ts'
import type { TorchTensor } from './tensor.ts'
import { readZipCheckpoint } from './zip-checkpoint.ts'

const ZIP_MAGIC = 'PK'
/** What DataParallel puts before every name. */
const PARALLEL_PREFIX = 'module.'

/**
 * The tensors of a state_dict that torch.save wrote, in its zip container (PyTorch 1.6 and newer) or in the older
 * stream of pickles. Nothing that the file asks for is run.
 * @throws Refusal `model-refused` with what is wrong: another global by its name, truncated, no state_dict
 */
export async function readStateDict(path: string): Promise<ReadonlyMap<string, TorchTensor>> {
  try {
    const tensors = (await startsWith(path, ZIP_MAGIC))
      ? await readZipCheckpoint(path)
      : await readStreamCheckpoint(path)
    return new Map([...tensors].map(([name, tensor]) => [name.replace(PARALLEL_PREFIX, ''), tensor]))
  } catch (error) {
    if (error instanceof FormatError)
      throw new Refusal('model-refused', { file: basename(path), reason: error.message }, { cause: error })
    throw error
  }
}

async function startsWith(path: string, magic: string): Promise<boolean> {
  const file = await open(path)
  try {
    const start = Buffer.alloc(magic.length)
    await file.read(start, 0, start.length, 0)
    return start.toString('latin1') === magic
  } finally {
    await file.close()
  }
}
