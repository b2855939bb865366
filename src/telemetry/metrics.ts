import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Extraction, ExtractorStatus } from '../domain/extractor.ts'
import type { GalleryStatus } from '../domain/gallery.ts'
import type { PackIdentity } from '../domain/pack.ts'
import type { DatabaseStatus } from '../domain/records.ts'
import type { AnsweredRequest } from '../domain/telemetry.ts'

/** Where the numbers come from that are read when they are asked for. */
export interface MetricSources {
  readonly version: string
  readonly extractor: () => ExtractorStatus
  readonly pack: PackIdentity
  readonly gallery: () => GalleryStatus
  readonly following: () => { readonly pendingChanges: number; readonly inStepAt: Date | null }
  readonly database: () => DatabaseStatus
  /** Round trip, milliseconds; null where it does not answer. */
  readonly databaseMs: () => Promise<number | null>
  readonly disk: () => Promise<{ readonly freeBytes: number; readonly totalBytes: number }>
  readonly now: () => Date
}

/** What is noted as it happens. */
export interface Metrics {
  readonly registry: Registry
  answered(request: AnsweredRequest): void
  extracted(extraction: Extraction, waitedMs: number): void
  refused(code: string): void
  searched(ms: number): void
}

const MS_PER_SECOND = 1_000
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const STAGE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const SEARCH_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5]
const FACES = [0, 1, 2, 3, 5, 10, 20, 50]

/** Defines every metric, in base units as Prometheus asks for. No label ever holds what a client chose. */
export function defineMetrics(sources: MetricSources): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  defineGauges(registry, sources)
  const registers = [registry]
  const requests = new Counter({
    ...{ name: 'nhandien_requests_total', help: 'Requests that are over, by operation and status.', registers },
    labelNames: ['operation', 'method', 'status'],
  })
  const durations = new Histogram({
    ...{ name: 'nhandien_request_duration_seconds', help: 'From the first line to the end of the answer.', registers },
    labelNames: ['operation'],
    buckets: REQUEST_SECONDS,
  })
  const refusals = new Counter({
    ...{ name: 'nhandien_refusals_total', help: 'Requests that were refused, by operation and code.', registers },
    labelNames: ['operation', 'code'],
  })
  const stages = new Histogram({
    ...{ name: 'nhandien_stage_duration_seconds', help: 'Stages of extraction; wait is the queue.', registers },
    labelNames: ['stage'],
    buckets: STAGE_SECONDS,
  })
  const faces = new Histogram({
    ...{ name: 'nhandien_photo_faces', help: 'Faces found in a photo.', registers },
    buckets: FACES,
  })
  const photosRefused = new Counter({
    ...{ name: 'nhandien_photos_refused_total', help: 'Photos that extraction refused, by code.', registers },
    labelNames: ['code'],
  })
  const searches = new Histogram({
    ...{ name: 'nhandien_gallery_search_duration_seconds', help: 'Searches of the gallery.', registers },
    buckets: SEARCH_SECONDS,
  })
  return {
    registry,
    answered: ({ operation, method, status, refusal, ms }) => {
      requests.inc({ operation, method, status: status ?? 'gone' })
      durations.observe({ operation }, ms / MS_PER_SECOND)
      if (refusal !== null) refusals.inc({ operation, code: refusal })
    },
    extracted: (extraction, waitedMs) => {
      for (const [stage, ms] of Object.entries({ wait: waitedMs, ...extraction.timings }))
        stages.observe({ stage }, ms / MS_PER_SECOND)
      faces.observe(extraction.faces.length)
    },
    refused: (code) => photosRefused.inc({ code }),
    searched: (ms) => searches.observe(ms / MS_PER_SECOND),
  }
}

function defineGauges(registry: Registry, sources: MetricSources): void {
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      ...{ name: `nhandien_${name}`, help, registers: [registry] },
      async collect() {
        this.set(await read())
      },
    })
  const { extractor, gallery, following, database, disk, now } = sources
  gauge('workers', 'Workers that take photos.', () => extractor().workers)
  gauge('workers_busy', 'Workers that work on a photo.', () => extractor().busy)
  gauge('workers_hanging', 'Workers that were given up and hold memory.', () => extractor().hanging)
  gauge('worker_restarts', 'Workers started in the place of others since the start.', () => extractor().restarts)
  gauge('worker_crash_loop', '1 while workers crash one after the other.', () => Number(extractor().crashLoop))
  gauge('queue_photos', 'Photos that wait for a worker.', () => extractor().queued)
  gauge('queue_bytes', 'Bytes of photos that wait for a worker.', () => extractor().queuedBytes)
  gauge('gallery_templates', 'Templates in the gallery.', () => gallery().templates)
  gauge('gallery_people', 'People in the gallery.', () => gallery().people)
  gauge('gallery_revision', 'Newest change that searches see.', () => gallery().revision)
  gauge('gallery_memory_bytes', 'Memory of the gallery.', () => gallery().memoryBytes)
  gauge('gallery_pending_changes', 'Changes seen but not yet searched.', () => following().pendingChanges)
  gauge('gallery_lag_seconds', 'Since the gallery was last known to hold everything.', () => {
    const { inStepAt } = following()
    return inStepAt === null ? Number.POSITIVE_INFINITY : (now().getTime() - inStepAt.getTime()) / MS_PER_SECOND
  })
  gauge('database_up', '1 while the database answers.', async () => Number((await sources.databaseMs()) !== null))
  gauge('database_latency_seconds', 'Round trip to the database; NaN where it does not answer.', async () => {
    return ((await sources.databaseMs()) ?? Number.NaN) / MS_PER_SECOND
  })
  gauge('database_connections_busy', 'Connections of the pool in use.', () => database().pool?.busy ?? 0)
  gauge('database_connections_max', 'Connections of the pool at most.', () => database().pool?.max ?? 1)
  gauge('database_waiting', 'Statements that wait for a connection.', () => database().pool?.waiting ?? 0)
  gauge('disk_free_bytes', 'Free space where the data is.', async () => (await disk()).freeBytes)
  gauge('disk_total_bytes', 'Space where the data is.', async () => (await disk()).totalBytes)
  const info = new Gauge({
    ...{ name: 'nhandien_info', help: 'What serves; the value is always 1.', registers: [registry] },
    labelNames: ['version', 'model', 'engine', 'database'],
  })
  const labels = { model: sources.pack.modelId, engine: gallery().engine, database: database().kind }
  info.set({ version: sources.version, ...labels }, 1)
}
