import { Badge, Title } from '@mantine/core'
import type { IndexStatusAnswer, VectorInfoAnswer } from '../../../../src/http/wire/system.ts'
import { useFormat, useText } from '../../language/language.tsx'
import classes from './gallery-facts.module.css'

interface Props {
  readonly index: IndexStatusAnswer
  readonly vectors: VectorInfoAnswer
}

const COLOURS: Readonly<Record<string, string>> = { healthy: 'lotus', warning: 'orange', error: 'red' }

/** What can be recognised: the gallery in memory against the database, and the model it was made with. */
export function GalleryFacts({ index, vectors }: Props) {
  const { monitor: text } = useText()
  const format = useFormat()
  const facts: readonly (readonly [string, string])[] = [
    [text.people, format.number(index.num_unique_class_ids)],
    [text.templates, format.number(index.num_vectors)],
    [text.lag, format.number(index.pending_changes)],
    [text.revision, format.number(index.revision)],
    [text.galleryMemory, format.bytes(vectors.memory_bytes)],
    [text.engine, `${vectors.index_type}, ${format.number(vectors.dimension)}`],
    [text.model, vectors.model],
    [text.lastChange, vectors.last_updated === null ? '–' : format.dateTime(vectors.last_updated)],
  ]
  return (
    <section className={classes.section} aria-label={text.gallery}>
      <Title order={2} size="h5" className={classes.title}>
        {text.gallery}
        <Badge variant="light" color={COLOURS[index.status] ?? 'gray'} tt="none">
          {text.indexStatuses[index.status] ?? index.status}
        </Badge>
      </Title>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
