import type { GalleryStatus } from '../domain/gallery.ts'
import type { PackIdentity } from '../domain/pack.ts'
import { healthDetails } from './report-details.ts'
import type { ReportParts } from './report-parts.ts'
import { readinessChecker } from './report-readiness.ts'

export interface IndexReport {
  readonly gallery: GalleryStatus
  readonly stored: {
    readonly images: number
    readonly people: number
    readonly templates: number
    readonly labels: number
  }
  /** Revisions that are committed but not yet visible here. */
  readonly pendingChanges: number
  /** Whether the index and the database hold different numbers of templates as of the same revision. */
  readonly isDifferent: boolean
  readonly pack: PackIdentity
}

/** How the server is. */
export function reporter(parts: ReportParts) {
  const { records, gallery, extractor, telemetry } = parts
  const readiness = readinessChecker(parts)
  return {
    /** The pack that templates are made and compared with. */
    pack: extractor.pack,

    async index(): Promise<IndexReport> {
      const before = await records.templates.revision()
      const stored = await records.templates.counts(extractor.pack.modelId)
      const status = gallery.status()
      const after = await records.templates.revision()
      // While others write, the two are counted at different times.
      const isComparable = before === status.revision && after === status.revision
      return {
        ...{ gallery: status, stored, pack: extractor.pack },
        pendingChanges: Math.max(0, after - status.revision),
        isDifferent: isComparable && status.templates !== stored.templates,
      }
    },

    readiness,
    details: healthDetails(parts, readiness),
    /** Everything measured, in Prometheus' text format. */
    metrics: (): Promise<string> => telemetry.exposition(),
  }
}

export type Report = ReturnType<typeof reporter>
