import Type, { type Static } from 'typebox'
import type { IndexReport } from '../../operations/report-index.ts'
import type { Readiness } from '../../operations/report-readiness.ts'
import { nullable } from './person.ts'

const Count = Type.Integer({ minimum: 0 })
const Instant = Type.String({ format: 'date-time' })

export const IndexStatusAnswer = Type.Object({
  success: Type.Literal(true),
  status: Type.String({ enum: ['healthy', 'warning', 'error'] }),
  num_vectors: Count,
  num_image_ids: Count,
  num_unique_image_ids: Count,
  num_image_paths: Count,
  num_unique_image_paths: Count,
  num_class_ids: Count,
  num_unique_class_ids: Count,
  num_embeddings: Count,
  num_nan_vectors: Count,
  min_vector_value: Type.Number(),
  max_vector_value: Type.Number(),
  revision: Count,
  pending_changes: Count,
})
export type IndexStatusAnswer = Static<typeof IndexStatusAnswer>

export function indexStatusAnswer({ gallery, stored, pendingChanges, isDifferent }: IndexReport): IndexStatusAnswer {
  const isBroken = gallery.nanTemplates > 0 || isDifferent
  return {
    success: true,
    status: isBroken ? 'error' : pendingChanges > 0 ? 'warning' : 'healthy',
    num_vectors: gallery.templates,
    num_image_ids: stored.images,
    num_unique_image_ids: stored.images,
    num_image_paths: stored.images,
    num_unique_image_paths: stored.labels,
    num_class_ids: stored.images,
    num_unique_class_ids: gallery.people,
    num_embeddings: stored.templates,
    num_nan_vectors: gallery.nanTemplates,
    min_vector_value: gallery.minValue,
    max_vector_value: gallery.maxValue,
    revision: gallery.revision,
    pending_changes: pendingChanges,
  }
}

export const VectorInfoAnswer = Type.Object({
  success: Type.Literal(true),
  total_vectors: Count,
  dimension: Count,
  index_type: Type.String(),
  metric: Type.Literal('cosine'),
  memory_bytes: Count,
  snapshot_bytes: Count,
  model: Type.String(),
  last_updated: nullable(Instant),
})
export type VectorInfoAnswer = Static<typeof VectorInfoAnswer>

export function vectorInfoAnswer({ gallery, pack }: IndexReport): VectorInfoAnswer {
  return {
    success: true,
    total_vectors: gallery.templates,
    dimension: gallery.dimension,
    index_type: gallery.engine,
    metric: 'cosine',
    memory_bytes: gallery.memoryBytes,
    snapshot_bytes: gallery.snapshotBytes,
    model: pack.modelId,
    last_updated: gallery.updatedAt?.toISOString() ?? null,
  }
}

export const HealthAnswer = Type.Object({
  status: Type.String({ enum: ['healthy', 'degraded', 'unhealthy'] }),
  timestamp: Instant,
})
export type HealthAnswer = Static<typeof HealthAnswer>

export function healthAnswer(readiness: Readiness, now: Date): HealthAnswer {
  return { status: healthStatus(readiness), timestamp: now.toISOString() }
}

export function healthStatus({ failing, strained }: Readiness): 'healthy' | 'degraded' | 'unhealthy' {
  if (failing.some((part) => part !== 'draining')) return 'unhealthy'
  return failing.length + strained.length > 0 ? 'degraded' : 'healthy'
}

export const LiveAnswer = Type.Object({ status: Type.Literal('live'), timestamp: Instant })
export type LiveAnswer = Static<typeof LiveAnswer>

export function liveAnswer(now: Date): LiveAnswer {
  return { status: 'live', timestamp: now.toISOString() }
}

export const ReadyAnswer = Type.Object({ status: Type.Literal('ready'), timestamp: Instant })
export type ReadyAnswer = Static<typeof ReadyAnswer>

export function readyAnswer(now: Date): ReadyAnswer {
  return { status: 'ready', timestamp: now.toISOString() }
}
