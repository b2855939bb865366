import { Alert, Button, Group, Text } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { useText } from '../language/language.tsx'
import { useProblem } from './use-problem.ts'

interface Props {
  readonly error: unknown
  /** Tries again, where that may help. */
  readonly retry?: () => void
}

/** An error where its content would be. */
export function Problem({ error, retry }: Props) {
  const text = useText()
  const problem = useProblem()
  return (
    <Alert color="red" variant="light" icon={<TriangleAlert aria-hidden />} role="alert">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{problem(error)}</Text>
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={retry}>
            {text.app.tryAgain}
          </Button>
        )}
      </Group>
    </Alert>
  )
}
