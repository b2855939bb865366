import { Refusal } from '../domain/errors.ts'
import type { Extraction, StageTimings } from '../domain/extractor.ts'
import type { DetectedFace } from '../domain/face.ts'
import { effectiveThreshold, isEmbedded, type Match, nearestMatches, type RecognitionParts } from './recognise.ts'

export interface IdentifiedFace extends DetectedFace {
  /** Whose face it is; null when nobody scores above the threshold. */
  readonly match: Match | null
}

export interface Identification {
  /** Pixels of the upright original. */
  readonly width: number
  readonly height: number
  /** Largest first. */
  readonly faces: readonly IdentifiedFace[]
  /** Index into `faces`. */
  readonly mainFace: number
  readonly threshold: number
  /** Milliseconds. */
  readonly timings: StageTimings & { readonly search: number }
}

export interface IdentifyWish {
  /** Stricter than the server's, where given. */
  readonly threshold?: number
  /** Whose photo it is, where photos have to wait. */
  readonly caller?: string
}

/** Who each face of a photo is. */
export function identifier(parts: RecognitionParts) {
  /**
   * @param photo encoded image; transferred away
   * @throws Refusal `no-face` and what extraction refuses
   */
  return async function identify(photo: Uint8Array, wish: IdentifyWish): Promise<Identification> {
    const extraction = await extractProbe(parts, photo, wish.caller)
    return await identifyFaces(parts, extraction, effectiveThreshold(parts.threshold, wish.threshold))
  }
}

export type Identify = ReturnType<typeof identifier>

/** @throws Refusal `no-face` and what extraction refuses */
export async function extractProbe(
  { extractor }: Pick<RecognitionParts, 'extractor'>,
  photo: Uint8Array,
  caller: string | undefined,
): Promise<Extraction> {
  const extraction = await extractor.extract(photo, { purpose: 'probe', embed: 'all', crops: false, caller })
  if (extraction.mainFace < 0) throw new Refusal('no-face')
  return extraction
}

/** Names the faces of a photo; a person is matched to at most one face, the one that scores best. */
export async function identifyFaces(
  parts: RecognitionParts,
  extraction: Extraction,
  threshold: number,
): Promise<Identification> {
  const started = performance.now()
  const embedded = extraction.faces.filter(isEmbedded)
  const rows = await nearestMatches(
    parts,
    embedded.map((face) => face.template),
    // A face whose nearest people all resemble other faces of the photo more goes on to its next one.
    { limit: Math.max(1, embedded.length), by: 'person', scoreAbove: threshold },
  )
  const matches = assignPeople(rows, threshold)
  const search = performance.now() - started
  return {
    width: extraction.width,
    height: extraction.height,
    mainFace: extraction.mainFace,
    threshold,
    timings: { ...extraction.timings, search },
    faces: extraction.faces.map((face) => {
      const { box, detectionScore, landmarks, quality } = face
      const match = isEmbedded(face) ? (matches.get(embedded.indexOf(face)) ?? null) : null
      return { box, detectionScore, landmarks, quality, match }
    }),
  }
}

/** Gives each person to the face that resembles them most, best pairs first. Keyed by the row's index. */
function assignPeople(rows: readonly (readonly Match[])[], threshold: number): ReadonlyMap<number, Match> {
  const pairs = rows.flatMap((row, face) => row.map((match) => ({ face, match })))
  pairs.sort((a, b) => b.match.score - a.match.score || a.match.imageId - b.match.imageId)
  const assigned = new Map<number, Match>()
  const taken = new Set<number>()
  for (const { face, match } of pairs) {
    if (match.score <= threshold || assigned.has(face) || taken.has(match.person.classId)) continue
    assigned.set(face, match)
    taken.add(match.person.classId)
  }
  return assigned
}
