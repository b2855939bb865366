import { Group, Text } from '@mantine/core'
import { CircleAlert, CircleCheck, CircleX } from 'lucide-react'
import type { HealthDetailsAnswer } from '../../../../src/http/wire/health-details.ts'
import { statusOf } from '../../api/health.ts'
import { useFormat, useText } from '../../language/language.tsx'
import classes from './status-line.module.css'

const ICONS = { healthy: CircleCheck, degraded: CircleAlert, unhealthy: CircleX } as const

interface Props {
  readonly health: HealthDetailsAnswer
  /** The server can't be asked any more; this is what it said last. */
  readonly stale: boolean
  readonly updatedAt: number
}

export function StatusLine({ health, stale, updatedAt }: Props) {
  const { monitor: text } = useText()
  const format = useFormat()
  const status = statusOf(health)
  const Icon = ICONS[status]
  const concerned = [...health.failing, ...health.strained].map((part) => text.parts[part] ?? part)
  return (
    <div className={classes.line} data-status={status} data-stale={stale || undefined}>
      <Group gap="sm" wrap="nowrap">
        <Icon size={24} aria-hidden />
        <div role="status">
          <Text fw={600}>{text.statuses[status]}</Text>
          <Text size="sm">
            {concerned.length === 0 ? text.statusHints[status] : text.concerned(format.list(concerned))}
          </Text>
        </div>
      </Group>
      <Text size="xs" className={classes.facts}>
        {[
          text.updatedAt(format.dateTime(new Date(updatedAt))),
          text.version(health.version),
          text.uptime(format.duration(health.uptime_seconds)),
        ].join(' · ')}
      </Text>
    </div>
  )
}
