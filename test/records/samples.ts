import { createHash } from 'node:crypto'
import type { PersonFields } from '../../src/domain/person.ts'
import type { NewImage } from '../../src/domain/records.ts'

export const ACTOR = { username: 'tester', address: '192.0.2.7', requestId: 'request-1' } as const
export const MODEL = 'model/4'
const DIMENSION = 4

/** A unit vector that is told from others by its seed. */
export function templateOf(seed: number): Float32Array {
  const digest = createHash('sha256').update(String(seed)).digest()
  const values = Float32Array.from({ length: DIMENSION }, (_, at) => digest.readInt32LE(at * 4))
  const norm = Math.hypot(...values)
  return values.map((value) => value / norm)
}

export function photoOf(seed: number): string {
  return createHash('sha256').update(`photo ${seed}`).digest('hex')
}

export function imageOf(seed: number, changes: Partial<NewImage> = {}): NewImage {
  return {
    label: `photo-${seed}.jpg`,
    template: templateOf(seed),
    modelId: MODEL,
    photoSha256: photoOf(seed),
    crop: Uint8Array.of(0xff, 0xd8, seed & 0xff),
    quality: { sizePx: 120, sharpness: 0.5, brightness: 0.5, yaw: 1, pitch: -2, roll: 3, score: 0.75 },
    ...changes,
  }
}

export function fieldsOf(name: string, changes: Partial<PersonFields> = {}): PersonFields {
  return { name, age: 30, gender: 'female', residence: 'Đà Nẵng', ...changes }
}
