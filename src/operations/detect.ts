import type { Extraction, FaceExtractor } from '../domain/extractor.ts'
import type { ExtractedFace } from '../domain/face.ts'
import { type QualityMinimum, type Shortcoming, shortcomingsOf } from './sample.ts'

export interface DetectionParts {
  readonly extractor: FaceExtractor
  readonly qualityMinimum: QualityMinimum
}

export interface Detection extends Extraction {
  readonly faces: readonly (ExtractedFace & {
    /** Why the face would be refused if it were to be enrolled; none where it would do. */
    readonly shortcomings: readonly Shortcoming[]
  })[]
}

/** Where the faces of a photo are and what they are like, without asking who they are. */
export function detector({ extractor, qualityMinimum }: DetectionParts) {
  /**
   * @param photo encoded image; transferred away. A photo without faces is an answer here, not a refusal.
   * @param caller whose photo it is, where photos have to wait
   * @throws Refusal what extraction refuses
   */
  return async function detect(photo: Uint8Array, caller?: string): Promise<Detection> {
    const extraction = await extractor.extract(photo, { purpose: 'detect', embed: 'all', crops: false, caller })
    const faces = extraction.faces.map((face) => ({
      ...face,
      shortcomings: shortcomingsOf(face.quality, qualityMinimum),
    }))
    return { ...extraction, faces }
  }
}

export type Detect = ReturnType<typeof detector>
