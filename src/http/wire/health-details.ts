import Type, { type Static } from 'typebox'
import { EXECUTION_PROVIDERS } from '../../domain/execution-provider.ts'
import type { FiguresBySpan, RequestFigures, SeriesPoint } from '../../domain/telemetry.ts'
import type { HealthDetails } from '../../operations/report-details.ts'
import { nullable } from './person.ts'
import { HealthAnswer, healthStatus } from './system.ts'

const Count = Type.Integer({ minimum: 0 })
const Bytes = Type.Integer({ minimum: 0 })
const Instant = Type.String({ format: 'date-time' })
const Share = Type.Number({ minimum: 0, maximum: 1 })
const Milliseconds = Type.Number({ minimum: 0 })

const OperationFigures = Type.Object({
  count: Count,
  errors: Type.Integer({ minimum: 0, description: 'Answered with 5xx.' }),
  error_rate: Share,
  per_second: Type.Number({ minimum: 0 }),
  p50_ms: nullable(Milliseconds),
  p95_ms: nullable(Milliseconds),
  p99_ms: nullable(Milliseconds),
})

const OperationWindows = Type.Object({ '1m': OperationFigures, '5m': OperationFigures, '60m': OperationFigures })

const Point = Type.Object({
  at: Instant,
  seconds: Type.Number({ description: '60, and 10 in the last five minutes.' }),
  requests_per_second: Type.Number({ minimum: 0 }),
  error_share: Share,
  p50_ms: nullable(Milliseconds),
  p95_ms: nullable(Milliseconds),
  cpu_share: Share,
  memory_bytes: Bytes,
  queue: Type.Integer({ minimum: 0, description: 'The longest in the meantime.' }),
  event_loop_delay_ms: Type.Number({ minimum: 0, description: 'The longest in the meantime.' }),
})

export const HealthDetailsAnswer = Type.Object({
  status: HealthAnswer.properties.status,
  failing: Type.Array(Type.String({ enum: ['database', 'models', 'index', 'draining'] })),
  strained: Type.Array(Type.String({ enum: ['workers', 'index'] })),
  timestamp: Instant,
  version: Type.String(),
  runtime: nullable(Type.String({ description: 'The version of Node; only told to administrators.' })),
  uptime_seconds: Type.Number({ minimum: 0 }),
  cpu: Type.Object({ cores: Count, used_share: Share }),
  memory: Type.Object({ rss_bytes: Bytes, heap_used_bytes: Bytes, limit_bytes: Bytes }),
  disk: Type.Object({ free_bytes: Bytes, total_bytes: Bytes }),
  event_loop: Type.Object({
    delay_p50_ms: Milliseconds,
    delay_p99_ms: Milliseconds,
    delay_max_ms: Milliseconds,
  }),
  database: Type.Object({
    kind: Type.String({ enum: ['sqlite', 'mysql'] }),
    latency_ms: nullable(Milliseconds),
    pool: nullable(Type.Object({ max: Count, busy: Count, waiting: Count })),
  }),
  queue: Type.Object({
    length: Count,
    limit: Count,
    bytes: Bytes,
    workers: Count,
    workers_wanted: Count,
    busy: Count,
    restarts: Count,
    hanging: Count,
    crash_loop: Type.Boolean(),
  }),
  gallery: Type.Object({
    templates: Count,
    people: Count,
    revision: Count,
    pending_changes: Count,
    lag_ms: nullable(Milliseconds),
    memory_bytes: Bytes,
    snapshot_bytes: Bytes,
    engine: Type.String(),
    updated_at: nullable(Instant),
  }),
  models: Type.Object({
    pack: Type.String(),
    model: Type.String(),
    dimension: Count,
    threshold: Type.Number(),
    execution_provider: Type.String({ enum: [...EXECUTION_PROVIDERS] }),
  }),
  requests: OperationWindows,
  operations: Type.Record(Type.String(), OperationWindows),
  series: Type.Array(Point, { description: 'The last hour, oldest first.' }),
})
export type HealthDetailsAnswer = Static<typeof HealthDetailsAnswer>

/** @param version of the product @param runtime null for whoever need not know */
export function healthDetailsAnswer(
  details: HealthDetails,
  version: string,
  runtime: string | null,
): HealthDetailsAnswer {
  const { process, workers, gallery, pack, readiness, limits, lagMs } = details
  return {
    status: healthStatus(readiness),
    failing: [...readiness.failing],
    strained: [...readiness.strained],
    timestamp: details.at.toISOString(),
    version,
    runtime,
    uptime_seconds: rounded(process.uptimeSeconds),
    cpu: { cores: process.cpus, used_share: rounded(process.cpuShare) },
    memory: {
      rss_bytes: process.rssBytes,
      heap_used_bytes: process.heapUsedBytes,
      limit_bytes: process.memoryLimitBytes,
    },
    disk: { free_bytes: process.disk.freeBytes, total_bytes: process.disk.totalBytes },
    event_loop: {
      delay_p50_ms: rounded(process.eventLoop.p50Ms),
      delay_p99_ms: rounded(process.eventLoop.p99Ms),
      delay_max_ms: rounded(process.eventLoop.maxMs),
    },
    database: {
      kind: details.database.kind,
      latency_ms: roundedOrNull(readiness.databaseMs),
      pool: details.database.pool,
    },
    queue: {
      length: workers.queued,
      limit: limits.queuedPhotos,
      bytes: workers.queuedBytes,
      workers: workers.workers,
      workers_wanted: limits.workers,
      busy: workers.busy,
      restarts: workers.restarts,
      hanging: workers.hanging,
      crash_loop: workers.crashLoop,
    },
    gallery: {
      templates: gallery.templates,
      people: gallery.people,
      revision: gallery.revision,
      pending_changes: details.pendingChanges,
      lag_ms: Number.isFinite(lagMs) ? lagMs : null,
      memory_bytes: gallery.memoryBytes,
      snapshot_bytes: gallery.snapshotBytes,
      engine: gallery.engine,
      updated_at: gallery.updatedAt?.toISOString() ?? null,
    },
    models: {
      pack: pack.name,
      model: pack.modelId,
      dimension: pack.dimension,
      threshold: pack.threshold,
      execution_provider: details.executionProvider,
    },
    requests: windows(details.requests.all),
    operations: Object.fromEntries([...details.requests.byOperation].map(([name, spans]) => [name, windows(spans)])),
    series: details.series.map(pointAnswer),
  }
}

function windows(spans: FiguresBySpan) {
  return { '1m': figures(spans['1m']), '5m': figures(spans['5m']), '60m': figures(spans['60m']) }
}

function figures({ count, errors, errorShare, perSecond, p50Ms, p95Ms, p99Ms }: RequestFigures) {
  return {
    count,
    errors,
    error_rate: rounded(errorShare),
    per_second: rounded(perSecond),
    p50_ms: roundedOrNull(p50Ms),
    p95_ms: roundedOrNull(p95Ms),
    p99_ms: roundedOrNull(p99Ms),
  }
}

function pointAnswer(point: SeriesPoint): Static<typeof Point> {
  return {
    at: point.at.toISOString(),
    seconds: point.seconds,
    requests_per_second: rounded(point.requestsPerSecond),
    error_share: rounded(point.errorShare),
    p50_ms: roundedOrNull(point.p50Ms),
    p95_ms: roundedOrNull(point.p95Ms),
    cpu_share: rounded(point.cpuShare),
    memory_bytes: point.rssBytes,
    queue: point.queued,
    event_loop_delay_ms: rounded(point.eventLoopDelayMs),
  }
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

function roundedOrNull(value: number | null): number | null {
  return value === null ? null : rounded(value)
}
