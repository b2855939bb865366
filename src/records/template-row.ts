import { crc32 } from 'node:zlib'

const BYTES_PER_VALUE = 4

/** What a template's row holds besides its key. */
export function encodeTemplate(imageId: number, modelId: string, template: Float32Array) {
  // The bytes are little-endian because every platform Node runs on here is.
  const vector = Buffer.from(template.buffer.slice(template.byteOffset, template.byteOffset + template.byteLength))
  return {
    image_id: imageId,
    model_id: modelId,
    dimension: template.length,
    vector,
    checksum: checksumOf(imageId, modelId, vector),
  }
}

/** The template of a row; null where its bytes are not the ones that were stored under this key. */
export function decodeTemplate(row: {
  image_id: number
  model_id: string
  vector: Buffer
  checksum: number
}): Float32Array | null {
  if (row.vector.byteLength % BYTES_PER_VALUE !== 0) return null
  if (checksumOf(row.image_id, row.model_id, row.vector) !== row.checksum) return null
  const template = new Float32Array(row.vector.byteLength / BYTES_PER_VALUE)
  new Uint8Array(template.buffer).set(row.vector)
  return template
}

/** Covers the key too, so that a vector moved to another row does not pass. */
function checksumOf(imageId: number, modelId: string, vector: Buffer): number {
  return crc32(vector, crc32(`${imageId} ${modelId}`))
}
