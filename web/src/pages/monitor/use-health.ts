import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { IndexStatusAnswer, VectorInfoAnswer } from '../../../../src/http/wire/system.ts'
import {
  type DetailedHealth,
  detailedHealth,
  type HealthPoint,
  type HealthStatus,
  health,
  indexStatus,
  statusOf,
  vectorInfo,
} from '../../api/health.ts'
import { pointOf } from './point-of.ts'

const LIVE_MS = 2_000
const SLOW_MS = 10_000
const HOUR_MS = 3_600_000

export interface Health {
  readonly status: HealthStatus | null
  /** Null where the server does not tell so much, or has not yet. */
  readonly detailed: DetailedHealth | null
  /** Of the last hour where the server keeps them; else of the time that this page has been open. */
  readonly points: readonly HealthPoint[]
  readonly index: IndexStatusAnswer | null
  readonly vectors: VectorInfoAnswer | null
  readonly error: unknown
  readonly updatedAt: number
  readonly refetch: () => void
}

export function useHealth(paused: boolean): Health {
  const every = (ms: number) => ({
    refetchInterval: paused ? (false as const) : ms,
    retry: false,
    placeholderData: keepPreviousData,
  })
  const brief = useQuery({ queryKey: ['health'], queryFn: ({ signal }) => health(signal), ...every(LIVE_MS) })
  const detailed = useQuery({
    queryKey: ['health', 'detailed'],
    queryFn: ({ signal }) => detailedHealth(signal),
    ...every(LIVE_MS),
  })
  const index = useQuery({ queryKey: ['index'], queryFn: ({ signal }) => indexStatus(signal), ...every(SLOW_MS) })
  const vectors = useQuery({ queryKey: ['vectors'], queryFn: ({ signal }) => vectorInfo(signal), ...every(SLOW_MS) })
  const own = useOwnPoints(detailed.data ?? null)
  return {
    status: detailed.data ? statusOf(detailed.data.status) : (brief.data ?? null),
    detailed: detailed.data ?? null,
    points: detailed.data?.series ?? own,
    index: index.data ?? null,
    vectors: vectors.data ?? null,
    error: brief.error ?? detailed.error,
    updatedAt: Math.max(brief.dataUpdatedAt, detailed.dataUpdatedAt),
    refetch: () => {
      for (const query of [brief, detailed, index, vectors]) void query.refetch()
    },
  }
}

function useOwnPoints(detailed: DetailedHealth | null): readonly HealthPoint[] {
  const [points, setPoints] = useState<readonly HealthPoint[]>([])
  useEffect(() => {
    if (detailed === null || detailed.series !== undefined) return
    const point = pointOf(detailed)
    const oldest = Date.parse(point.at) - HOUR_MS
    setPoints((before) => [...before.filter(({ at }) => Date.parse(at) >= oldest && at !== point.at), point])
  }, [detailed])
  return points
}
