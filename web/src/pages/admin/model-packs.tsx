import { Badge, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Models, models } from '../../api/administration.ts'
import { Waiting } from '../../app/waiting.tsx'
import { Problem } from '../../components/problem.tsx'
import { useFormat, useText } from '../../language/language.tsx'
import { Facts } from './facts.tsx'
import classes from './panel.module.css'

/** The model packs there are: which one is in use, its threshold and its licence. */
export default function ModelPacks() {
  const { admin } = useText()
  const text = admin.models
  const { data, error, refetch } = useQuery({ queryKey: ['models'], queryFn: models })
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />
  if (data === undefined) return <Waiting />
  return (
    <Stack gap="md">
      {data.models.map((model) => (
        <Pack key={model.name} model={model} inForce={data.threshold} />
      ))}
      <div>
        <Text size="sm" fw={500}>
          {text.change}
        </Text>
        <Text size="sm" c="dimmed">
          {text.changeHint} <code>nhandien model install</code>, <code>MODEL_PACK</code>
        </Text>
      </div>
    </Stack>
  )
}

interface PackProps {
  readonly model: Models['models'][number]
  readonly inForce: number
}

function Pack({ model, inForce }: PackProps) {
  const { admin } = useText()
  const text = admin.models
  const format = useFormat()
  const { name, active, problem, threshold, licence, source, dimension, detector, bytes } = model
  const score = (value: number | null) => (value === null ? null : format.score(value))
  return (
    <section className={classes.panel} data-active={active || undefined} aria-label={name}>
      <Group gap="sm" mb="xs">
        <Title order={2} size="h5">
          {name}
        </Title>
        {active && (
          <Badge variant="light" bg="var(--accent-ground)" tt="none" fw={500} c="var(--accent)">
            {text.inUse}
          </Badge>
        )}
      </Group>
      {problem !== null && (
        <Text size="sm" c="var(--bad)">
          {text.unusable}: {problem}
        </Text>
      )}
      {active && (
        <Text size="sm" mb="xs">
          {text.thresholdInForce(format.score(inForce))}{' '}
          {threshold !== null && threshold !== inForce && text.thresholdSet(format.score(threshold))}
        </Text>
      )}
      <Facts
        facts={[
          [text.threshold, score(threshold)],
          [text.detector, detector],
          [text.dimension, dimension === null ? null : format.number(dimension)],
          [text.size, bytes === null ? null : format.bytes(bytes)],
          [text.model, model.model],
          [text.licence, licence],
          [text.source, source],
        ]}
      />
    </section>
  )
}
