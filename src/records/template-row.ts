import { crc32 } from 'node:zlib'
import type { ValueSeal } from '../domain/encryption.ts'
import { openValue } from './sealing/open-value.ts'
import type { TemplateTable } from './tables.ts'

const BYTES_PER_VALUE = 4

/** A template as it is stored: its vector, or what it was sealed to, and the key that opens it. */
export function encodeTemplate(
  seal: ValueSeal | null,
  imageId: number,
  modelId: string,
  template: Float32Array,
): TemplateTable {
  // The bytes are little-endian because every platform Node runs on here is.
  const plain = Buffer.from(template.buffer.slice(template.byteOffset, template.byteOffset + template.byteLength))
  return sealTemplate(seal, { image_id: imageId, model_id: modelId, dimension: template.length }, plain)
}

export function sealTemplate(
  seal: ValueSeal | null,
  row: Pick<TemplateTable, 'image_id' | 'model_id' | 'dimension'>,
  plain: Buffer,
): TemplateTable {
  const sealed = seal?.seal(plain, placeOf(row)) ?? null
  const vector = sealed?.sealed ?? plain
  return { ...row, vector, checksum: checksumOf(row, vector), key_id: sealed?.keyId ?? null }
}

export type TemplateRow = Omit<TemplateTable, 'dimension'>

/**
 * The template of a row; null where its bytes are not the ones that were stored under this key, or are not encrypted
 * though everything is.
 * @throws Refusal `not-ready` where the key that opens it is not there
 */
export function decodeTemplate(seal: ValueSeal | null, row: TemplateRow): Float32Array | null {
  const plain = openTemplate(seal, row)
  if (plain === null || plain.byteLength % BYTES_PER_VALUE !== 0) return null
  const values = plain.byteLength / BYTES_PER_VALUE
  // The bytes as they are, where they lie so that numbers can be read from them.
  if (plain.byteOffset % BYTES_PER_VALUE === 0) return new Float32Array(plain.buffer, plain.byteOffset, values)
  const template = new Float32Array(values)
  new Uint8Array(template.buffer).set(plain)
  return template
}

/** The bytes of a template. @throws Refusal `not-ready` where the key that opens it is not there */
export function openTemplate(seal: ValueSeal | null, row: TemplateRow): Buffer | null {
  if (checksumOf(row, row.vector) !== row.checksum) return null
  return openValue(seal, row.key_id, row.vector, placeOf(row))
}

function placeOf({ image_id, model_id }: Pick<TemplateTable, 'image_id' | 'model_id'>): string {
  return `template ${image_id} ${model_id}`
}

/** Covers the key too, so that a vector moved to another row does not pass. */
function checksumOf(row: Pick<TemplateTable, 'image_id' | 'model_id'>, vector: Buffer): number {
  return crc32(vector, crc32(`${row.image_id} ${row.model_id}`))
}
