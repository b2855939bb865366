import { Stack, Text, Title } from '@mantine/core'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import classes from './empty-state.module.css'

interface Props {
  readonly icon?: LucideIcon
  readonly title: string
  /** What one can do about it. */
  readonly hint?: string
  readonly action?: ReactNode
}

/** Says why there is nothing here and what to do next. */
export function EmptyState({ icon: Icon, title, hint, action }: Props) {
  return (
    <Stack className={classes.state} align="center" gap="sm">
      {Icon !== undefined && <Icon className={classes.icon} size={40} strokeWidth={1.4} aria-hidden />}
      <Title order={2} size="h4" ta="center">
        {title}
      </Title>
      {hint !== undefined && (
        <Text c="dimmed" ta="center" maw="34rem">
          {hint}
        </Text>
      )}
      {action}
    </Stack>
  )
}
