import { extractProbe, type Identification, identifyFaces } from './identify.ts'
import { effectiveThreshold, isEmbedded, type Match, nearestMatches, type RecognitionParts } from './recognise.ts'

export const RANK_LIMIT_DEFAULT = 5
export const RANK_LIMIT_MAX = 50

export interface RankWish {
  /** 1 to `RANK_LIMIT_MAX`. */
  readonly limit: number
  readonly by: 'person' | 'image'
  readonly threshold?: number
  /** Whose photo it is, where photos have to wait. */
  readonly caller?: string
}

export interface Ranking {
  /** Nearest first, below the threshold too. */
  readonly candidates: readonly Match[]
  readonly identification: Identification
}

/** The enrolled people (or images) that resemble a photo's main face most, whether or not they match. */
export function ranker(parts: RecognitionParts) {
  /**
   * @param photo encoded image; transferred away
   * @throws Refusal `no-face` and what extraction refuses
   */
  return async function rank(photo: Uint8Array, wish: RankWish): Promise<Ranking> {
    const extraction = await extractProbe(parts, photo, wish.caller)
    const main = extraction.faces[extraction.mainFace]
    const probes = main !== undefined && isEmbedded(main) ? [main.template] : []
    const [candidates = []] = await nearestMatches(parts, probes, { limit: wish.limit, by: wish.by })
    const threshold = effectiveThreshold(parts.threshold, wish.threshold)
    return { candidates, identification: await identifyFaces(parts, extraction, threshold) }
  }
}

export type Rank = ReturnType<typeof ranker>
