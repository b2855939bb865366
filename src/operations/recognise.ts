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

/** A score that differs by more from the records' is of a template that was replaced; approximate engines err less. */
const STALE_SCORE = 1e-3

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
 * there: what another node removed a moment ago is never named, and no engine's own scores are taken on trust. Rows are
 * in the order of the probes.
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
  let stale = false
  const rows = probes.map((probe, index) => {
    const matches = (found[index] ?? []).flatMap((candidate) => {
      const match = confirm(candidate, probe, stored)
      // Something that was removed, moved or replaced may have hidden something else.
      if (match === null || Math.abs(match.score - candidate.score) > STALE_SCORE) stale = true
      return match ?? []
    })
    return holdTo(wish, matches)
  })
  return { rows, stale }
}

function confirm(
  candidate: Candidate,
  probe: Float32Array,
  stored: Awaited<ReturnType<PeopleRecords['matches']>>,
): Match | null {
  const row = stored.get(candidate.imageId)
  if (row === undefined || row.person.classId !== candidate.classId) return null
  const score = cosine(probe, row.template)
  return { imageId: candidate.imageId, label: row.image.label, person: row.person, score }
}

/** What was asked for, of matches whose scores are not those that they were found by. */
function holdTo(
  { limit, by, scoreAbove = Number.NEGATIVE_INFINITY }: GallerySearch,
  matches: readonly Match[],
): Match[] {
  const seen = new Set<number>()
  const isFirst = ({ person, imageId }: Match): boolean => {
    const key = by === 'person' ? person.classId : imageId
    if (seen.has(key)) return false
    seen.add(key)
    return true
  }
  return matches
    .filter(({ score }) => score > scoreAbove)
    .sort(bestFirst)
    .filter(isFirst)
    .slice(0, limit)
}

function bestFirst(a: Match, b: Match): number {
  return b.score - a.score || a.imageId - b.imageId
}

export type EmbeddedFace = Extraction['faces'][number] & { readonly template: Float32Array }

export function isEmbedded(face: Extraction['faces'][number]): face is EmbeddedFace {
  return face.template !== null
}
