/** A stored image that resembles a probe. Best first; equal scores in the order of image ids. */
export interface Candidate {
  readonly imageId: number
  readonly classId: number
  /** Raw cosine, -1 to 1. */
  readonly score: number
}
