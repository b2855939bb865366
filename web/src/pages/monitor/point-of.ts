import type { DetailedHealth, HealthPoint, OperationFigures, Window } from '../../api/health.ts'

const SECONDS: Readonly<Record<Window, number>> = { '1m': 60, '5m': 300, '60m': 3_600 }

/** All operations of a window together; of their percentiles the slowest operation's, since they can't be added. */
export function totalOf(operations: DetailedHealth['operations'], window: Window) {
  const figures: OperationFigures[] = Object.values(operations).map((windows) => windows[window])
  const sum = (of: (one: OperationFigures) => number) => figures.reduce((total, one) => total + of(one), 0)
  const count = sum((one) => one.count)
  const slowest = figures.reduce((most, one) => Math.max(most, one.p95_ms ?? 0), 0)
  return {
    perSecond: count / SECONDS[window],
    errorShare: count === 0 ? 0 : sum((one) => one.errors) / count,
    p95: count === 0 ? null : slowest,
  }
}

/** A moment of the chart, from what the server tells of now. */
export function pointOf(detailed: DetailedHealth): HealthPoint {
  const { perSecond, errorShare, p95 } = totalOf(detailed.operations, '1m')
  return {
    at: detailed.timestamp,
    requests_per_second: perSecond,
    error_share: errorShare,
    p95_ms: p95,
    cpu_share: detailed.cpu.used_share,
    memory_bytes: detailed.memory.rss_bytes,
    event_loop_delay_ms: detailed.event_loop.delay_p99_ms,
    queue: detailed.queue.length,
  }
}
