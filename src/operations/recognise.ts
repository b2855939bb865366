import type { Candidate } from '../domain/candidate.ts'
import type { Extraction, FaceExtractor } from '../domain/extractor.ts'
import type { Gallery, GallerySearch } from '../domain/gallery.ts'
import type { Person } from '../domain/person.ts'
import type { PeopleRecords } from '../domain/records.ts'
import { cosine } from '../domain/template.ts'

/** An enrolled image that resembles a face, with whom it shows. */
export interface Match {
  readonly imageId: number
  readonly label: string
  readonly person: Person
  /** Raw cosine of the two templates. */
  readonly score: number
}

export interface RecognitionParts {
  readonly extractor: FaceExtractor
  readonly gallery: Gallery
  readonly people: PeopleRecords
  /** Makes the changes up to a revision visible to searches; all that is committed, where none is given. */
  readonly catchUp: (revision?: number) => Promise<void>
  /** Score above which a candidate is a match. */
  readonly threshold: number
}

/** A request may be stricter than the server, never laxer. */
export function effectiveThreshold(configured: number, requested: number | undefined): number {
  return Math.max(configured, requested ?? configured)
}

/**
 * The nearest enrolled images of each probe, each one checked against the records and scored from the template stored
 * there: what another node removed a moment ago is never named. Rows are in the order of the probes.
 */
export async function nearestMatches(
  parts: Pick<RecognitionParts, 'gallery' | 'people' | 'extractor' | 'catchUp'>,
  probes: readonly Float32Array[],
  wish: GallerySearch,
): Promise<readonly (readonly Match[])[]> {
  const first = await searchAndConfirm(parts, probes, wish)
  if (!first.stale) return first.rows
  await parts.catchUp()
  return (await searchAndConfirm(parts, probes, wish)).rows
}

async function searchAndConfirm(
  { gallery, people, extractor }: Pick<RecognitionParts, 'gallery' | 'people' | 'extractor'>,
  probes: readonly Float32Array[],
  wish: GallerySearch,
): Promise<{ rows: readonly (readonly Match[])[]; stale: boolean }> {
  const found = await Promise.all(probes.map((probe) => gallery.search(probe, wish)))
  const imageIds = [...new Set(found.flat().map((candidate) => candidate.imageId))]
  if (imageIds.length === 0) return { rows: found.map(() => []), stale: false }
  const stored = await people.matches(imageIds, extractor.pack.modelId)
  const stale = found.flat().some((candidate) => stored.get(candidate.imageId)?.person.classId !== candidate.classId)
  const rows = found.map((candidates, index) => {
    const probe = probes[index]
    if (probe === undefined) return []
    return candidates.flatMap((candidate) => confirm(candidate, probe, stored)).sort(bestFirst)
  })
  return { rows, stale }
}

function confirm(
  candidate: Candidate,
  probe: Float32Array,
  stored: Awaited<ReturnType<PeopleRecords['matches']>>,
): Match[] {
  const row = stored.get(candidate.imageId)
  if (row === undefined || row.person.classId !== candidate.classId) return []
  const score = cosine(probe, row.template)
  return [{ imageId: candidate.imageId, label: row.image.label, person: row.person, score }]
}

function bestFirst(a: Match, b: Match): number {
  return b.score - a.score || a.imageId - b.imageId
}

export type EmbeddedFace = Extraction['faces'][number] & { readonly template: Float32Array }

export function isEmbedded(face: Extraction['faces'][number]): face is EmbeddedFace {
  return face.template !== null
}
