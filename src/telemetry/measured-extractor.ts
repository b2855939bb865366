import { isRefusal } from '../domain/errors.ts'
import type { Extraction, FaceExtractor } from '../domain/extractor.ts'

export interface ExtractionWitness {
  /** @param waitedMs from the call to the answer, without the stages: mostly the queue */
  extracted(extraction: Extraction, waitedMs: number): void
  /** @param code of the refusal, or `internal` */
  refused(code: string): void
}

/** The extractor, with a witness of all that it does. */
export function measuredExtractor(extractor: FaceExtractor, witness: ExtractionWitness): FaceExtractor {
  return {
    pack: extractor.pack,
    executionProvider: extractor.executionProvider,
    admit: (bytes, caller) => extractor.admit(bytes, caller),
    status: () => extractor.status(),
    close: () => extractor.close(),
    async extract(photo, wish) {
      const startedMs = performance.now()
      try {
        const extraction = await extractor.extract(photo, wish)
        const { decode, detect, landmarks, align, embed } = extraction.timings
        const workedMs = decode + detect + landmarks + align + embed
        witness.extracted(extraction, Math.max(0, performance.now() - startedMs - workedMs))
        return extraction
      } catch (error) {
        witness.refused(isRefusal(error) ? error.code : 'internal')
        throw error
      }
    },
  }
}
