import type { DetailedHealth, HealthPoint } from '../../api/health.ts'
import { useFormat, useText } from '../../language/language.tsx'
import { totalOf } from './point-of.ts'
import { Tile } from './tile.tsx'
import classes from './tiles.module.css'

const CPU_HIGH = 0.9
const MEMORY_HIGH = 0.9
const DISK_LOW = 0.1
const ERRORS_HIGH = 0.05
const QUEUE_HIGH = 0.8
const LOOP_DELAY_MS_HIGH = 50

interface Props {
  readonly detailed: DetailedHealth
  readonly points: readonly HealthPoint[]
}

/** The figures that tell at a glance whether something is wrong, each with its last hour. */
export function Tiles({ detailed, points }: Props) {
  const { monitor: text } = useText()
  const format = useFormat()
  const { cpu, memory, disk, event_loop: loop, queue, operations } = detailed
  const { perSecond, errorShare, p95 } = totalOf(operations, '1m')
  const used = memory.limit_bytes === null ? null : memory.rss_bytes / memory.limit_bytes
  const free = disk.total_bytes === 0 ? 0 : disk.free_bytes / disk.total_bytes
  const line = (of: (point: HealthPoint) => number | null) =>
    points.map((point) => ({ at: point.at, value: of(point) }))
  return (
    <div className={classes.tiles}>
      <Tile
        label={text.requests}
        value={text.perSecond(format.number(perSecond, 1))}
        line={line((point) => point.requests_per_second)}
      />
      <Tile
        label={text.errors}
        value={format.percent(errorShare, 1)}
        alarm={errorShare > ERRORS_HIGH}
        line={line((point) => point.error_share)}
        most={1}
      />
      <Tile
        label={text.slowest}
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
        {...(memory.limit_bytes === null ? {} : { note: text.of(format.bytes(memory.limit_bytes)) })}
        alarm={used !== null && used > MEMORY_HIGH}
        line={line((point) => point.memory_bytes)}
      />
      <Tile
        label={text.queue}
        value={format.number(queue.length)}
        note={text.workers(queue.busy, queue.workers)}
        alarm={queue.limit > 0 && queue.length / queue.limit > QUEUE_HIGH}
        line={line((point) => point.queue)}
      />
      <Tile
        label={text.eventLoop}
        value={format.milliseconds(loop.delay_p99_ms)}
        alarm={loop.delay_p99_ms > LOOP_DELAY_MS_HIGH}
        line={line((point) => point.event_loop_delay_ms)}
      />
      <Tile
        label={text.disk}
        value={format.bytes(disk.free_bytes)}
        note={text.of(format.bytes(disk.total_bytes))}
        alarm={free < DISK_LOW}
      />
    </div>
  )
}
