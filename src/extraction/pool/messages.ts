import type { RefusalCode, RefusalDetails } from '../../domain/errors.ts'
import type { Extraction, ExtractionWish } from '../../domain/extractor.ts'

/** From the pool to a worker, which does one thing after the other. */
export type ToWorker =
  | { readonly kind: 'extract'; readonly photo: Uint8Array; readonly wish: ExtractionWish }
  /** Finish what was begun, let the models go, and end. */
  | { readonly kind: 'stop' }

/** From a worker to the pool; the last three answer `extract`, once each, in order. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'extracted'; readonly extraction: Extraction }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly details: RefusalDetails }
  /** A fault of the product, not of the photo. */
  | { readonly kind: 'failed'; readonly message: string }
