import type { Clock } from '../domain/clock.ts'
import type { FaceExtractor } from '../domain/extractor.ts'
import type { Gallery } from '../domain/gallery.ts'
import { keptFor } from '../domain/kept-for.ts'
import type { Records } from '../domain/records.ts'
import type { Telemetry } from '../domain/telemetry.ts'
import { measuredExtractor } from './measured-extractor.ts'
import { measuredGallery } from './measured-gallery.ts'
import { defineMetrics, type MetricSources } from './metrics.ts'
import { type OtlpOptions, otlpExporter } from './otlp-exporter.ts'
import { ProcessMeter } from './process-meter.ts'
import { RequestMeter } from './request-meter.ts'
import { Series } from './series.ts'
import { Traces } from './traces.ts'

export interface TelemetryOptions {
  readonly version: string
  /** That the process may use. */
  readonly cpus: number
  readonly dataDir: string
  readonly clock: Clock
  readonly extractor: FaceExtractor
  readonly gallery: Gallery
  readonly following: MetricSources['following']
  readonly records: Pick<Records, 'ping' | 'status'>
  /** Where traces go; null where none are kept. */
  readonly traces: Omit<OtlpOptions, 'version'> | null
}

export interface RunningTelemetry extends Telemetry {
  /** Those of the options, measured. */
  readonly extractor: FaceExtractor
  readonly gallery: Gallery
  stop(): Promise<void>
}

/** How often the process and the queue are read. */
const READ_EVERY_MS = 1_000

/** Measures from now on until `stop`. */
export function startTelemetry(options: TelemetryOptions): RunningTelemetry {
  const { extractor, gallery, records, following, clock, version } = options
  const requests = new RequestMeter(performance.now())
  const processMeter = new ProcessMeter(options.cpus, options.dataDir)
  const series = new Series(requests)
  const timer = setInterval(() => {
    series.note(processMeter.read(), extractor.status().queued, performance.now())
  }, READ_EVERY_MS)
  timer.unref()
  const metrics = defineMetrics({
    ...{ version, following, pack: extractor.pack, now: clock },
    extractor: () => extractor.status(),
    gallery: () => gallery.status(),
    database: () => records.status(),
    databaseMs: keptFor(READ_EVERY_MS, () => records.ping().catch(() => null)),
    disk: keptFor(READ_EVERY_MS, () => processMeter.disk()),
  })
  const exporter = options.traces === null ? null : otlpExporter({ ...options.traces, version })
  const traces = exporter === null ? null : new Traces(exporter.add)
  return {
    extractor: measuredExtractor(extractor, {
      extracted: (extraction, waitedMs) => {
        metrics.extracted(extraction, waitedMs)
        const stages = Object.entries({ wait: waitedMs, ...extraction.timings })
        traces?.steps(stages.map(([name, ms]) => ({ name, ms })))
      },
      refused: metrics.refused,
    }),
    gallery: measuredGallery(gallery, (ms) => {
      metrics.searched(ms)
      traces?.steps([{ name: 'search', ms }])
    }),
    trace: (traceparent, requestId) => traces?.begin(traceparent, requestId) ?? null,
    answered: (request) => {
      requests.note(request, performance.now())
      metrics.answered(request)
    },
    requests: () => requests.figures(performance.now()),
    series: () => series.points(performance.now(), clock()),
    process: () => processMeter.figures(),
    exposition: () => metrics.registry.metrics(),
    stop: async () => {
      clearInterval(timer)
      processMeter.stop()
      metrics.registry.clear()
      await exporter?.stop()
    },
  }
}
