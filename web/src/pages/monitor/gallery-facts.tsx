import { Badge, Title } from '@mantine/core'
import type { HealthDetailsAnswer } from '../../../../src/http/wire/health-details.ts'
import { useFormat, useText } from '../../language/language.tsx'
import classes from './gallery-facts.module.css'

const COLOURS: Readonly<Record<string, string>> = { healthy: 'lotus', warning: 'orange', error: 'red' }

interface Props {
  readonly health: HealthDetailsAnswer
  /** Whether the gallery agrees with the database; null before it is known. */
  readonly indexStatus: string | null
}

/** What can be recognised: the gallery in memory, and the models it was made with. */
export function GalleryFacts({ health: { gallery, models }, indexStatus }: Props) {
  const { monitor: text } = useText()
  const format = useFormat()
  const facts: readonly (readonly [string, string])[] = [
    [text.people, format.number(gallery.people)],
    [text.templates, format.number(gallery.templates)],
    [text.lag, text.lagOf(format.number(gallery.pending_changes), format.milliseconds(gallery.lag_ms ?? 0))],
    [text.lastChange, gallery.updated_at === null ? '–' : format.dateTime(gallery.updated_at)],
    [text.pack, models.pack],
    [text.threshold, format.score(models.threshold)],
    [text.galleryMemory, format.bytes(gallery.memory_bytes)],
    [text.engine, text.dimensions(gallery.engine, models.dimension)],
  ]
  return (
    <section className={classes.section} aria-label={text.gallery}>
      <Title order={2} size="h5" className={classes.title}>
        {text.gallery}
        {indexStatus !== null && (
          <Badge variant="light" color={COLOURS[indexStatus] ?? 'gray'} tt="none">
            {text.indexStatuses[indexStatus] ?? indexStatus}
          </Badge>
        )}
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
