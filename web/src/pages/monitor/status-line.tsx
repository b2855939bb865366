import { Group, Text } from '@mantine/core'
import { CircleAlert, CircleCheck, CircleX } from 'lucide-react'
import type { DetailedHealth, HealthStatus } from '../../api/health.ts'
import { useFormat, useText } from '../../language/language.tsx'
import classes from './status-line.module.css'

const ICONS = { healthy: CircleCheck, degraded: CircleAlert, unhealthy: CircleX } as const

interface Props {
  readonly status: HealthStatus
  /** The server can't be asked any more; this is what it said last. */
  readonly stale: boolean
  readonly updatedAt: number
  readonly detailed: DetailedHealth | null
}

export function StatusLine({ status, stale, updatedAt, detailed }: Props) {
  const { monitor: text } = useText()
  const format = useFormat()
  const Icon = ICONS[status]
  const facts = [
    text.updatedAt(format.dateTime(new Date(updatedAt))),
    ...(detailed === null
      ? []
      : [text.version(detailed.version), text.uptime(format.duration(detailed.uptime_seconds))]),
  ]
  return (
    <div className={classes.line} data-status={status} data-stale={stale || undefined}>
      <Group gap="sm" wrap="nowrap">
        <Icon size={24} aria-hidden />
        <div role="status">
          <Text fw={600}>{text.statuses[status]}</Text>
          <Text size="sm">{text.statusHints[status]}</Text>
        </div>
      </Group>
      <Text size="xs" className={classes.facts}>
        {facts.join(' · ')}
      </Text>
    </div>
  )
}
