import type { Clock } from '../domain/clock.ts'
import type { FaceExtractor } from '../domain/extractor.ts'
import type { Gallery } from '../domain/gallery.ts'
import type { Records } from '../domain/records.ts'
import type { Telemetry } from '../domain/telemetry.ts'

export interface ReportParts {
  readonly records: Records
  readonly gallery: Gallery
  readonly extractor: FaceExtractor
  /** How far the gallery follows the records. */
  readonly following: () => Following
  readonly telemetry: Telemetry
  /** What may be had at the same time of workers and of the queue. */
  readonly limits: { readonly workers: number; readonly queuedPhotos: number }
  readonly clock: Clock
  /** True until everything is loaded, and again from the moment a shutdown began. */
  readonly closed: () => boolean
}

export interface Following {
  /** Changes that were seen in the records and are not yet visible to searches. */
  readonly pendingChanges: number
  /** When the gallery was last known to hold all that was committed; null before that. */
  readonly inStepAt: Date | null
}
