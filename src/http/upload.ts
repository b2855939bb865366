import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { networkOf } from '../domain/account.ts'
import { isRefusal, Refusal } from '../domain/errors.ts'
import { bodyBytesMax, tooLarge } from './body-checks.ts'
import type { Upload } from './form.ts'
import type { HeldBytes } from './held-bytes.ts'
import type { ServerLimits } from './options.ts'

export interface Parts {
  readonly values: Map<string, unknown[]>
  readonly files: Map<string, Upload[]>
}

/** Fields besides photos in one request: the contract's longest has eleven. */
const FIELDS_MAX = 40
const FIELD_NAME_BYTES_MAX = 100
const FIELD_VALUE_BYTES_MAX = 8192
const PART_HEADERS_MAX = 20
const PART_HEADER_BYTES_MAX = 4096

/** Reads a multipart body into memory. @throws Refusal `body-malformed`, `image-too-large`, `overloaded` and others */
export type UploadReader = (request: FastifyRequest) => Promise<Parts>

/**
 * Reads multipart bodies as they come, within limits of every kind and without temporary files. What is held counts
 * against `held` until the answer is out or the client is gone (`releaseHeldBytes`).
 */
export function uploadReader(limits: ServerLimits, held: HeldBytes): UploadReader {
  return async function readUpload(request) {
    const photos = request.routeOptions.config.photos ?? 0
    const max = bodyBytesMax(photos, limits)
    const body = request.raw
    const network = networkOf(request.ip)
    let received = 0
    let refuse: (reason: unknown) => void = () => {}
    const refused = new Promise<never>((_, reject) => {
      refuse = reject
    })
    const count = (chunk: Buffer) => {
      try {
        held.hold(chunk.length, network)
        request.heldBytes += chunk.length
        received += chunk.length
        if (received > max) throw tooLarge(photos, max)
      } catch (error) {
        refuse(error)
      }
    }
    try {
      body.on('data', count)
      return await Promise.race([collectParts(request, photos, limits, refuse), refused])
    } catch (error) {
      if (isRefusal(error)) throw error
      throw new Refusal(limitCode(error), {}, { cause: error })
    } finally {
      body.off('data', count)
      body.unpipe()
    }
  }
}

async function collectParts(
  request: FastifyRequest,
  photos: number,
  limits: ServerLimits,
  refuse: (reason: Refusal) => void,
): Promise<Parts> {
  const parts: Parts = { values: new Map(), files: new Map() }
  const wish = {
    throwFileSizeLimit: false,
    limits: {
      fields: FIELDS_MAX,
      // One more than allowed, so that the field in which there is one too many can be named.
      files: photos + 1,
      parts: FIELDS_MAX + photos + 1,
      fieldNameSize: FIELD_NAME_BYTES_MAX,
      fieldSize: FIELD_VALUE_BYTES_MAX,
      fileSize: limits.uploadBytes,
      headerPairs: PART_HEADERS_MAX,
      headerSize: PART_HEADER_BYTES_MAX,
    },
  }
  for await (const part of request.parts(wish)) {
    if (part.type === 'file') {
      part.file.once('limit', () => refuse(tooLarge(1, limits.uploadBytes)))
      const bytes = await collect(part)
      // A browser sends an empty file part without a name for a file input that was left empty.
      if (bytes.length > 0 || part.filename)
        append(parts.files, part.fieldname, { bytes, fileName: part.filename ?? '' })
    } else {
      if (part.valueTruncated)
        throw new Refusal('field-invalid', { field: part.fieldname, reason: 'too-long', max: FIELD_VALUE_BYTES_MAX })
      if (part.value !== '') append(parts.values, part.fieldname, part.value)
    }
  }
  return parts
}

/** In a buffer of its own, since a photo's buffer is handed on to another thread. */
async function collect(part: MultipartFile): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of part.file) {
    if (!(chunk instanceof Uint8Array)) continue
    chunks.push(chunk)
    length += chunk.length
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

function append<T>(map: Map<string, T[]>, name: string | undefined, value: T): void {
  if (name === undefined || name.length > FIELD_NAME_BYTES_MAX) return
  const list = map.get(name)
  if (list === undefined) map.set(name, [value])
  else list.push(value)
}

/** What the parser throws is a limit that was passed, or a body that is no multipart body. */
function limitCode(error: unknown): 'body-too-large' | 'body-malformed' {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 400
  return status === 413 ? 'body-too-large' : 'body-malformed'
}
