import type { ExecutionProvider } from '../domain/execution-provider.ts'
import type { ExtractorStatus } from '../domain/extractor.ts'
import type { GalleryStatus } from '../domain/gallery.ts'
import { keptFor } from '../domain/kept-for.ts'
import type { PackIdentity } from '../domain/pack.ts'
import type { DatabaseStatus } from '../domain/records.ts'
import type { ProcessFigures, SeriesPoint, Telemetry } from '../domain/telemetry.ts'
import type { ReportParts } from './report-parts.ts'
import { lagOf, type Readiness } from './report-readiness.ts'

/** Everything that is known of how the server is; nothing in it is about a person. */
export interface HealthDetails {
  readonly at: Date
  readonly readiness: Readiness
  readonly process: ProcessFigures
  readonly database: DatabaseStatus
  readonly workers: ExtractorStatus
  readonly limits: ReportParts['limits']
  readonly gallery: GalleryStatus
  readonly pendingChanges: number
  readonly lagMs: number
  readonly pack: PackIdentity
  readonly executionProvider: ExecutionProvider
  readonly requests: ReturnType<Telemetry['requests']>
  readonly series: readonly SeriesPoint[]
}

/** Whoever asks again within this time is told the same. */
const KEPT_MS = 1_000

/** Gathers the details at most once a second, however many ask. */
export function healthDetails(parts: ReportParts, readiness: () => Promise<Readiness>): () => Promise<HealthDetails> {
  return keptFor(KEPT_MS, () => gather(parts, readiness))
}

async function gather(parts: ReportParts, readiness: () => Promise<Readiness>): Promise<HealthDetails> {
  const { records, extractor, gallery, following, telemetry, limits, clock } = parts
  const [ready, process] = await Promise.all([readiness(), telemetry.process()])
  const { pendingChanges, inStepAt } = following()
  const at = clock()
  return {
    at,
    readiness: ready,
    process,
    database: records.status(),
    workers: extractor.status(),
    limits,
    gallery: gallery.status(),
    pendingChanges,
    lagMs: lagOf(inStepAt, at),
    pack: extractor.pack,
    executionProvider: extractor.executionProvider,
    requests: telemetry.requests(),
    series: telemetry.series(),
  }
}
