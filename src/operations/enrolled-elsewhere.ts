import { Refusal } from '../domain/errors.ts'
import { nearestMatches, type RecognitionParts } from './recognise.ts'

/**
 * Refuses templates whose nearest match is another person than the one they are meant for; null means somebody new.
 * Whoever resembles their own references more than anybody else's is not taken for somebody else.
 * @throws Refusal `already-enrolled` with the index of the photo, the person, the image and the score
 */
export async function refuseEnrolledElsewhere(
  parts: RecognitionParts,
  faces: readonly { readonly index: number; readonly template: Float32Array }[],
  classId: number | null,
): Promise<void> {
  const templates = faces.map(({ template }) => template)
  const scoreAbove = Math.max(parts.threshold, parts.extractor.pack.duplicateThreshold)
  const rows = await nearestMatches(parts, templates, { limit: 1, by: 'person', scoreAbove })
  rows.forEach(([nearest], position) => {
    if (nearest === undefined || nearest.score <= scoreAbove || nearest.person.classId === classId) return
    const { person, imageId, score } = nearest
    throw new Refusal('already-enrolled', { index: faces[position]?.index, person, imageId, score })
  })
}
