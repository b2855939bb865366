import { Refusal } from '../domain/errors.ts'
import type { Extraction, FaceExtractor } from '../domain/extractor.ts'
import { type EmbeddedFace, isEmbedded } from './recognise.ts'

/** The template of a photo's main face, embedded as a reference is. */
export function embedder(extractor: FaceExtractor) {
  /**
   * @param photo encoded image; transferred away
   * @param caller whose photo it is, where photos have to wait
   * @throws Refusal `no-face` and what extraction refuses
   */
  return async function embed(
    photo: Uint8Array,
    caller?: string,
  ): Promise<{ face: EmbeddedFace; extraction: Extraction }> {
    const extraction = await extractor.extract(photo, { purpose: 'reference', embed: 'main', crops: false, caller })
    const face = extraction.faces[extraction.mainFace]
    if (face === undefined || !isEmbedded(face)) throw new Refusal('no-face')
    return { face, extraction }
  }
}

export type Embed = ReturnType<typeof embedder>
