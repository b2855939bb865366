import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { Refusal } from '../../domain/errors.ts'
import { MODEL_FILE_BYTES_MAX } from './manifest.ts'

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * The whole of a regular file, never through a link and never more than the limit.
 * @throws Refusal `model-refused` naming the file
 */
export async function readBoundedFile(file: string, bytesMax: number = MODEL_FILE_BYTES_MAX): Promise<Buffer> {
  const name = path.basename(file)
  const refuse = (reason: string, cause?: unknown): never => {
    throw new Refusal('model-refused', { file: name, reason }, { cause })
  }
  // Non-blocking, so that a named pipe cannot hold the start up.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(file, flags).catch((cause: unknown) => refuse(whyUnreadable(cause), cause))
  try {
    const status = await handle.stat()
    if (!status.isFile()) refuse('is not a plain file')
    if (status.size > bytesMax) refuse(`is larger than ${bytesMax} bytes`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

function whyUnreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  if (code === 'ENOENT') return 'is missing'
  if (code === 'ELOOP') return 'is a link'
  return `cannot be read (${code})`
}
