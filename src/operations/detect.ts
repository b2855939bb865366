import type { Extraction, FaceExtractor } from '../domain/extractor.ts'

/** Where the faces of a photo are and what they are like, without asking who they are. */
export function detector(extractor: FaceExtractor) {
  /**
   * @param photo encoded image; transferred away. A photo without faces is an answer here, not a refusal.
   * @throws Refusal what extraction refuses
   */
  return async function detect(photo: Uint8Array): Promise<Extraction> {
    return await extractor.extract(photo, { purpose: 'detect', embed: 'all', crops: false })
  }
}

export type Detect = ReturnType<typeof detector>
