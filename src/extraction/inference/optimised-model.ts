import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, cpus } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { SESSION_OPTIONS } from './network.ts'

/*
 * ONNX Runtime fits a graph to the CPU each time it loads it, and the memory that takes is not given back. So the fitted
 * graph is kept beside the model, for this runtime on this CPU, with its checksum; where it can't be kept, the model is
 * loaded as it is. Its weights are in a file of their own, which is mapped instead of read: all workers share its pages.
 */

const MODEL = 'model.onnx'
const WEIGHTS = 'weights'
const CHECKSUM = 'sha256'
/** Smaller tensors stay in the graph. */
const WEIGHT_BYTES_MIN = '1024'
const KEY_LENGTH = 24

/**
 * The model fitted to this CPU, made where it is missing or damaged. Several threads and processes may ask at once.
 *
 * @param model path of an ONNX file
 * @param sha256 of that file, lower-case hex
 * @param folder where fitted models are kept; made where it is missing
 * @returns path of the fitted model, or null where it can't be kept (a folder that is read-only, say)
 */
export async function optimisedModel(model: string, sha256: string, folder: string): Promise<string | null> {
  const place = join(folder, keyOf(sha256))
  if (await isSound(place)) return join(place, MODEL)
  try {
    await make(model, folder, place)
  } catch (error) {
    if (isFileSystemError(error)) return null
    throw error
  }
  return (await isSound(place)) ? join(place, MODEL) : null
}

/** What a fitted graph depends on: the model, the runtime, and the CPU. */
function keyOf(sha256: string): string {
  const { version }: { version?: unknown } = createRequire(import.meta.url)('onnxruntime-node/package.json')
  const parts = [sha256, String(version), arch(), cpus()[0]?.model ?? '']
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, KEY_LENGTH)
}

async function make(model: string, folder: string, place: string): Promise<void> {
  const draft = join(folder, `.${randomBytes(8).toString('hex')}`)
  try {
    await mkdir(draft, { recursive: true, mode: 0o700 })
    const session = await InferenceSession.create(model, {
      ...SESSION_OPTIONS,
      optimizedModelFilePath: join(draft, MODEL),
      extra: {
        session: {
          optimized_model_external_initializers_file_name: WEIGHTS,
          optimized_model_external_initializers_min_size_in_bytes: WEIGHT_BYTES_MIN,
        },
      },
    })
    await session.release()
    await writeFile(join(draft, CHECKSUM), await checksumOf(draft))
    await settle(draft, place)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Puts a draft in its place, unless somebody was quicker: what they made is as good. */
async function settle(draft: string, place: string): Promise<void> {
  try {
    await rename(draft, place)
  } catch (error) {
    if (!isFileSystemError(error) || (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST')) throw error
    if (await isSound(place)) return
    const damaged = `${draft}-damaged`
    await rename(place, damaged)
    await rename(draft, place)
    await rm(damaged, { recursive: true, force: true })
  }
}

async function isSound(place: string): Promise<boolean> {
  try {
    return (await readFile(join(place, CHECKSUM), 'utf8')) === (await checksumOf(place))
  } catch (error) {
    if (isFileSystemError(error)) return false
    throw error
  }
}

async function checksumOf(place: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of [MODEL, WEIGHTS]) for await (const part of createReadStream(join(place, file))) hash.update(part)
  return hash.digest('hex')
}

function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
