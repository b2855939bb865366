import type { RefusalCode, RefusalDetails } from '../../domain/errors.ts'
import type { Extraction } from '../../domain/extractor.ts'
import type { WishedPhoto } from '../extract-faces.ts'

/** From the pool to a worker, which does one thing after the other. */
export type ToWorker =
  /** Photos of one purpose. */
  | { readonly kind: 'extract'; readonly photos: readonly WishedPhoto[] }
  /** Finish what was begun, let the models go, and end. */
  | { readonly kind: 'stop' }

/** From a worker to the pool; each `extract` is answered once, in order. */
export type FromWorker =
  | { readonly kind: 'ready' }
  /** For each photo, in order. */
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] }

export type Answer =
  | { readonly kind: 'extracted'; readonly extraction: Extraction }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly details: RefusalDetails }
  /** A fault of the product, not of the photo. */
  | { readonly kind: 'failed'; readonly message: string }
