import { healthDetails } from './report-details.ts'
import { indexReporter } from './report-index.ts'
import type { ReportParts } from './report-parts.ts'
import { readinessChecker } from './report-readiness.ts'

/** How the server is. */
export function reporter(parts: ReportParts) {
  const { records, gallery, extractor, telemetry } = parts
  const readiness = readinessChecker(parts)
  return {
    /** The pack that templates are made and compared with. */
    pack: extractor.pack,

    index: indexReporter(records.templates, gallery, extractor.pack),
    readiness,
    details: healthDetails(parts, readiness),
    /** Everything measured, in Prometheus' text format. */
    metrics: (): Promise<string> => telemetry.exposition(),
  }
}

export type Report = ReturnType<typeof reporter>
