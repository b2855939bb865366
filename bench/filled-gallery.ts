import { dirname } from 'node:path'
import type { Actor } from '../src/domain/account.ts'
import type { PackManifest } from '../src/domain/pack.ts'
import { openRecords } from '../src/records/open-records.ts'

const ACTOR: Actor = { username: 'bench', address: null, requestId: null }
const PEOPLE_A_TRANSACTION = 500

/** Random unit vectors of so many people, in a SQLite file that no server uses at the time. */
export async function fillGallery(
  database: string,
  { modelId, dimension }: Pick<PackManifest, 'modelId' | 'dimension'>,
  people: number,
): Promise<void> {
  const records = await openRecords({ url: database, dataDir: dirname(database), clock: () => new Date() })
  try {
    const { templates } = await records.templates.counts(modelId)
    for (let start = templates; start < people; start += PEOPLE_A_TRANSACTION) {
      const enrolments = Array.from({ length: Math.min(PEOPLE_A_TRANSACTION, people - start) }, (_, index) => ({
        subject: {
          classId: null,
          fields: { name: `bench ${start + index}`, age: null, gender: null, residence: null },
        },
        images: [
          {
            ...{ label: '', modelId, photoSha256: null, crop: null, quality: null },
            template: randomUnitVector(dimension),
          },
        ],
      }))
      await records.people.enrolMany(enrolments, ACTOR)
    }
  } finally {
    await records.close()
  }
}

export function randomUnitVector(dimension: number): Float32Array {
  const vector = Float32Array.from({ length: dimension }, () => Math.random() + Math.random() + Math.random() - 1.5)
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}
