import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { CircleCheck } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Person } from '../../api/person.ts'
import { useText } from '../../language/language.tsx'
import { hrefOf } from '../../routing/route.ts'
import classes from './enrolled.module.css'
import { PhotoCard } from './photo-card.tsx'
import type { EnrolmentRun } from './use-enrolment.ts'
import type { CheckedPhoto } from './use-photo-checks.ts'

interface Props {
  readonly person: Person
  readonly photos: readonly CheckedPhoto[]
  readonly run: EnrolmentRun
  readonly onAnother: () => void
}

/** Who was enrolled, and which of the photos were not stored, with why. */
export function Enrolled({ person, photos, run: { outcomes }, onAnother }: Props) {
  const { enrol: text } = useText()
  const another = useRef<HTMLButtonElement>(null)
  // Enter goes on with the next person.
  useEffect(() => another.current?.focus(), [])
  const kindOf = (photo: CheckedPhoto) => {
    const outcome = outcomes.get(photo.id)
    return outcome === undefined || outcome === 'sending' ? null : outcome.kind
  }
  const refused = photos.filter((photo) => kindOf(photo) !== 'added')
  return (
    <Paper className={classes.panel} withBorder>
      <Stack gap="md">
        <Group gap="sm" wrap="nowrap" role="status">
          <CircleCheck className={classes.icon} size={32} strokeWidth={1.6} aria-hidden />
          <div>
            <Title order={2} size="h4">
              {text.doneTitle(person.name)}
            </Title>
            <Text size="sm" c="dimmed">
              {text.doneHint(photos.length - refused.length, photos.length)}
            </Text>
          </div>
        </Group>
        {refused.length > 0 && (
          <div>
            <Text size="sm" fw={500} mb="xs">
              {text.refusedPhotos}
            </Text>
            <ul className={classes.refused}>
              {refused.map((photo) => (
                <PhotoCard
                  key={photo.id}
                  photo={photo}
                  number={photos.indexOf(photo) + 1}
                  outcome={outcomes.get(photo.id) ?? null}
                  onFace={() => undefined}
                />
              ))}
            </ul>
          </div>
        )}
        <Group gap="xs">
          <Button ref={another} onClick={onAnother}>
            {text.another}
          </Button>
          <Button component="a" href={hrefOf(['people', person.id])} variant="default">
            {text.openPerson}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
