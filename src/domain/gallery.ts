import type { Candidate } from './candidate.ts'

export interface GallerySearch {
  /** How many candidates at most; 1 or more. */
  readonly limit: number
  /** `person`: the best image of each person; `image`: images on their own. */
  readonly by: 'person' | 'image'
  /** Only these people, where given. */
  readonly among?: ReadonlySet<number>
  /** Only candidates that score above this, where given. */
  readonly scoreAbove?: number
}

/** One step of the change log, in commit order without gaps. */
export type GalleryChange = { readonly revision: number } & (
  | { readonly kind: 'put'; readonly imageId: number; readonly classId: number; readonly template: Float32Array }
  | { readonly kind: 'remove'; readonly imageId: number }
  | { readonly kind: 'remove-person'; readonly classId: number }
  | { readonly kind: 'clear' }
  /** A change that concerns no template of this gallery; it only moves the revision. */
  | { readonly kind: 'none' }
)

export interface GalleryStatus {
  readonly templates: number
  readonly people: number
  readonly dimension: number
  /** The newest change that is visible to searches. */
  readonly revision: number
  readonly memoryBytes: number
  readonly snapshotBytes: number
  readonly minValue: number
  readonly maxValue: number
  readonly nanTemplates: number
  readonly engine: string
  readonly updatedAt: Date | null
}

/** The index of templates. Everything in it comes from the records; a change in it is visible to the next search. */
export interface Gallery {
  /**
   * Exactly the float32 brute-force answer, best first, ties in the order of image ids. An engine that approximates
   * answers with more than `limit`: what it found is scored again from the records, and cut to the wish, before it is
   * shown.
   */
  search(probe: Float32Array, wish: GallerySearch): Promise<readonly Candidate[]>
  /**
   * Applies a change; one that was applied before (by revision) does nothing.
   * @throws Refusal `template-invalid`
   */
  apply(change: GalleryChange): void
  status(): GalleryStatus
  close(): Promise<void>
}

export interface GalleryDifference {
  readonly imageId: number
  /** `missing` from the gallery, `unknown` to the records, or `different` in person or template. */
  readonly problem: 'missing' | 'unknown' | 'different'
}

export interface GalleryVerdict {
  readonly compared: number
  readonly differences: readonly GalleryDifference[]
}

/** What can be done about a gallery while it serves. */
export interface GalleryUpkeep {
  /** Compares it with the records, row for row. */
  verify(): Promise<GalleryVerdict>
  /** Puts right what differs from the records; answers how many templates did. */
  rebuild(): Promise<number>
  /** Writes it to disk; its bytes, or null where none are kept. */
  snapshot(): Promise<number | null>
}
