import type { ExecutionProvider } from './execution-provider.ts'
import type { ExtractedFace } from './face.ts'
import type { PackIdentity } from './pack.ts'

/**
 * `detect` embeds nothing; `probe` is searched with and may be embedded the fast way; `reference` is stored and is
 * always embedded the accurate way.
 */
export type ExtractionPurpose = 'detect' | 'probe' | 'reference'

export interface ExtractionWish {
  readonly purpose: ExtractionPurpose
  /** Which faces are embedded (and cropped): all, or only the main one. All are always detected. */
  readonly embed: 'all' | 'main'
  /** Whether embedded faces come with a crop. */
  readonly crops: boolean
  /** Whose photo it is: callers take turns where photos have to wait. Photos without one count as of one caller. */
  readonly caller?: string | undefined
}

/** CPU-bound wall time of each stage, in milliseconds. */
export interface StageTimings {
  readonly decode: number
  readonly detect: number
  readonly landmarks: number
  readonly align: number
  readonly embed: number
}

export interface Extraction {
  /** Pixels of the upright original. */
  readonly width: number
  readonly height: number
  /** SHA-256 of the photo's bytes, lower-case hex; null where the photo is not to be stored. */
  readonly photoSha256: string | null
  /** Largest first. */
  readonly faces: readonly ExtractedFace[]
  /** Index into `faces`; -1 without faces. */
  readonly mainFace: number
  readonly timings: StageTimings
}

export interface ExtractorStatus {
  /** Those that take photos. */
  readonly workers: number
  readonly busy: number
  readonly queued: number
  readonly queuedBytes: number
  /** Workers started in the place of others. */
  readonly restarts: number
  /** Workers that were given up and never came back; they hold memory until the process ends. */
  readonly hanging: number
  /** Whether workers are lost one after the other without a photo done in between. */
  readonly crashLoop: boolean
}

/** Turns photographs into templates, away from the event loop. */
export interface FaceExtractor {
  readonly pack: PackIdentity
  /** What runs the networks, all of them. */
  readonly executionProvider: ExecutionProvider
  /**
   * @param photo encoded image; its buffer is transferred away and must not be used afterwards
   * @throws Refusal `image-unreadable`, `image-too-large`, `image-unsupported`, `overloaded` (with `retryAfterSeconds`),
   * `not-ready` while it closes
   */
  extract(photo: Uint8Array, wish: ExtractionWish): Promise<Extraction>
  /**
   * Whether a photo of that size would be taken now.
   * @throws Refusal `overloaded` (with `retryAfterSeconds`), `not-ready` while it closes
   */
  admit(bytes: number, caller?: string): void
  status(): ExtractorStatus
  /** Finishes what was begun, refuses what was not, and ends the threads without aborting a running model. */
  close(): Promise<void>
}
