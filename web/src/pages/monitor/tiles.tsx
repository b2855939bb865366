import type { HealthDetailsAnswer } from '../../../../src/http/wire/health-details.ts'
import { useFormat, useText } from '../../language/language.tsx'
import { Tile } from './tile.tsx'
import classes from './tiles.module.css'

const CPU_HIGH = 0.9
const MEMORY_HIGH = 0.9
const DISK_LOW = 0.1
const ERRORS_HIGH = 0.05
const QUEUE_HIGH = 0.8
const LOOP_DELAY_MS_HIGH = 50
/** Changes on one node are promised to be seen by the others within a second. */
const LAG_MS_HIGH = 1_000

type Point = HealthDetailsAnswer['series'][number]

/** The figures that tell at a glance whether something is wrong, each with its last hour. */
export function Tiles({ health }: { readonly health: HealthDetailsAnswer }) {
  const { monitor: text } = useText()
  const format = useFormat()
  const { cpu, memory, disk, event_loop: loop, queue, requests, series, database, gallery } = health
  const { per_second: perSecond, error_rate: errorRate, p95_ms: p95 } = requests['1m']
  const line = (of: (point: Point) => number | null) => series.map((point) => ({ at: point.at, value: of(point) }))
  return (
    <div className={classes.tiles}>
      <Tile
        label={text.requests}
        value={text.perSecond(format.number(perSecond, 1))}
        line={line((point) => point.requests_per_second)}
      />
      <Tile
        label={text.errors}
        value={format.percent(errorRate, 1)}
        alarm={errorRate > ERRORS_HIGH}
        line={line((point) => point.error_share)}
        most={1}
      />
      <Tile
        label={text.latency}
        value={p95 === null ? '–' : format.milliseconds(p95)}
        line={line((point) => point.p95_ms)}
      />
      <Tile
        label={text.cpu}
        value={format.percent(cpu.used_share)}
        note={text.cores(cpu.cores)}
        alarm={cpu.used_share > CPU_HIGH}
        line={line((point) => point.cpu_share)}
        most={1}
      />
      <Tile
        label={text.memory}
        value={format.bytes(memory.rss_bytes)}
        note={text.of(format.bytes(memory.limit_bytes))}
        alarm={memory.rss_bytes > MEMORY_HIGH * memory.limit_bytes}
        line={line((point) => point.memory_bytes)}
      />
      <Tile
        label={text.queue}
        value={format.number(queue.length)}
        note={text.workers(queue.busy, queue.workers)}
        alarm={queue.length > QUEUE_HIGH * queue.limit}
        line={line((point) => point.queue)}
      />
      <Tile
        label={text.eventLoop}
        value={format.milliseconds(loop.delay_p99_ms)}
        alarm={loop.delay_p99_ms > LOOP_DELAY_MS_HIGH}
        line={line((point) => point.event_loop_delay_ms)}
      />
      <Tile
        label={text.gallery}
        value={format.number(gallery.templates)}
        note={gallery.pending_changes === 0 ? text.inStep : text.behind(format.number(gallery.pending_changes))}
        alarm={gallery.lag_ms === null || gallery.lag_ms > LAG_MS_HIGH}
      />
      <Tile
        label={text.disk}
        value={format.bytes(disk.free_bytes)}
        note={text.of(format.bytes(disk.total_bytes))}
        alarm={disk.free_bytes < DISK_LOW * disk.total_bytes}
      />
      <Tile
        label={text.database}
        value={database.latency_ms === null ? '–' : format.milliseconds(database.latency_ms)}
        note={database.pool === null ? database.kind : text.pool(database.kind, database.pool.busy, database.pool.max)}
        alarm={database.latency_ms === null}
      />
    </div>
  )
}
