import { Refusal } from '../domain/errors.ts'
import { nearestMatches, type RecognitionParts } from './recognise.ts'

/**
 * Refuses templates that match another person than the one they are meant for; null means somebody new.
 * @throws Refusal `already-enrolled` with the position of the template, the person, the image and the score
 */
export async function refuseEnrolledElsewhere(
  parts: RecognitionParts,
  templates: readonly Float32Array[],
  classId: number | null,
): Promise<void> {
  // Two people, since the nearest one may be the person meant.
  const rows = await nearestMatches(parts, templates, { limit: 2, by: 'person', scoreAbove: parts.threshold })
  rows.forEach((row, position) => {
    const other = row.find((match) => match.person.classId !== classId && match.score > parts.threshold)
    if (other === undefined) return
    const { person, imageId, score } = other
    throw new Refusal('already-enrolled', { position, person, imageId, score })
  })
}
