import { Group, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { useText } from '../language/language.tsx'

interface Props {
  readonly title: string
  readonly hint?: ReactNode
  /** Buttons at the right. */
  readonly children?: ReactNode
}

/** The head of a page: its name, one line on what it is for, and what can be done with all of it. */
export function PageHead({ title, hint, children }: Props) {
  const { app } = useText()
  useEffect(() => {
    document.title = `${title} · ${app.name}`
  }, [title, app.name])
  return (
    <Group justify="space-between" align="flex-end" gap="sm" mb="md">
      <div>
        <Title order={1} size="h2" tabIndex={-1}>
          {title}
        </Title>
        {hint !== undefined && (
          <Text c="dimmed" size="sm" mt={2}>
            {hint}
          </Text>
        )}
      </div>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  )
}
