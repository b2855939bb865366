import type { Candidate } from '../domain/candidate.ts'
import type { Gallery } from '../domain/gallery.ts'

/** A template as the records hold it. */
export interface GalleryEntry {
  /** 1 to 2^53 - 1. */
  readonly imageId: number
  /** 1 to 2^31 - 1. */
  readonly classId: number
  readonly template: Float32Array
}

/**
 * What an index engine owes beyond searching and following changes: being filled in bulk, and being compared with the
 * records. One contract test suite (`engine-contract.test.ts`) holds every engine to it.
 */
export interface GalleryEngine extends Gallery {
  /** The newest change that is visible to searches; 0 before the first. */
  readonly revision: number
  /**
   * Puts an entry without moving the revision: for filling from the records or a snapshot.
   * @throws Refusal `template-invalid`
   */
  put(entry: GalleryEntry): void
  /** Takes an image out without moving the revision; one that is not there is no error. */
  remove(imageId: number): void
  /** Says which revision of the change log the content now stands for. */
  resumeAt(revision: number): void
  /** The entry of an image, its template bit for bit as it was put. */
  entry(imageId: number): GalleryEntry | null
  /** The images held, in no particular order. */
  imageIds(): Iterable<number>
}

/** A line for the log; never with biometric data. */
export type LogLine = (message: string, facts: Readonly<Record<string, unknown>>) => void

/** Best first; equal scores in the order of image ids. */
export function byRank(a: Candidate, b: Candidate): number {
  return b.score - a.score || a.imageId - b.imageId
}
