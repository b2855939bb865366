import type { Records } from '../../src/domain/records.ts'
import { DIMENSION, templateOf } from './running-node.ts'
import { BYSTANDER } from './stored-people.ts'

const ACTOR = { username: 'tester', address: null, requestId: null } as const
const IMAGES_OF_PERSON = 100
/** Apart from the templates of all writers. */
const FIRST_SEED = 2_000_000_000

/** Enrols people whom nobody touches, so that a gallery takes its time to be written. */
export async function enrolBystanders({ people }: Records, templates: number): Promise<void> {
  for (let first = 0; first < templates; first += IMAGES_OF_PERSON) {
    const count = Math.min(IMAGES_OF_PERSON, templates - first)
    const images = Array.from({ length: count }, (_, index) => ({
      label: `${first + index}.template`,
      template: templateOf(FIRST_SEED + first + index),
      modelId: `templates/${DIMENSION}`,
      ...{ photoSha256: null, crop: null, quality: null },
    }))
    const fields = { name: BYSTANDER, age: null, gender: null, residence: null }
    await people.enrol({ classId: null, fields }, images, ACTOR)
  }
}
