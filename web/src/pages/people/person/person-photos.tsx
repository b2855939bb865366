import { Button, Group, Text, Title } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { ArrowRightLeft, Split, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { StoredPhoto } from '../../../api/people.ts'
import type { Person } from '../../../api/person.ts'
import { Waiting } from '../../../app/waiting.tsx'
import { Problem } from '../../../components/problem.tsx'
import { useText } from '../../../language/language.tsx'
import { useSession } from '../../../session/session.tsx'
import { AddPhotos } from './add-photos.tsx'
import { MoveDialog } from './move-dialog.tsx'
import classes from './person-photos.module.css'
import { PhotoTile } from './photo-tile.tsx'
import { RemovePhotosDialog } from './remove-photos-dialog.tsx'
import { SplitDialog } from './split-dialog.tsx'

interface Props {
  readonly person: Person
  readonly photos: UseQueryResult<readonly StoredPhoto[]>
  readonly mayEdit: boolean
}

/** All photos of a person; those that are selected can be moved, split off or removed. */
export function PersonPhotos({ person, photos: { data, error, refetch }, mayEdit }: Props) {
  const { people: text } = useText()
  const signedIn = useSession() !== null
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [dialog, setDialog] = useState<'move' | 'split' | 'remove' | null>(null)
  // What is gone is no longer selected.
  const selected = (data ?? []).filter(({ id }) => chosen.has(id))
  const ids = selected.map(({ id }) => id)
  const toggle = (id: number) => setChosen(new Set(chosen.has(id) ? ids.filter((one) => one !== id) : [...ids, id]))
  const close = () => setDialog(null)
  return (
    <section aria-labelledby="photos-of-person">
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2} size="h5" id="photos-of-person">
          {text.photosTitle}
        </Title>
        {data !== undefined && (
          <Text size="sm" c="dimmed">
            {text.photos(data.length)}
          </Text>
        )}
      </Group>
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data?.length === 0 && (
        <div className={classes.empty}>
          <Text fw={500}>{text.noPhotos}</Text>
          <Text size="sm" c="dimmed">
            {text.noPhotosHint}
          </Text>
        </div>
      )}
      {!signedIn && data !== undefined && data.length > 0 && (
        <Text size="sm" c="dimmed" mb="xs">
          {text.signInForPhotos}
        </Text>
      )}
      <ul className={classes.tiles}>
        {data?.map((photo, index) => (
          <PhotoTile
            key={photo.id}
            photo={photo}
            name={`${person.name} ${index + 1}`}
            selected={chosen.has(photo.id)}
            {...(mayEdit ? { onToggle: () => toggle(photo.id) } : {})}
          />
        ))}
      </ul>
      {mayEdit && <AddPhotos person={person} />}
      {selected.length > 0 && (
        <div className={classes.actions} role="toolbar" aria-label={text.selected(selected.length)}>
          <Text size="sm" fw={500} role="status">
            {text.selected(selected.length)}
          </Text>
          <Group gap="xs">
            <Button size="xs" leftSection={<ArrowRightLeft size={14} aria-hidden />} onClick={() => setDialog('move')}>
              {text.move}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<Split size={14} aria-hidden />}
              onClick={() => setDialog('split')}
            >
              {text.split}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<Trash2 size={14} aria-hidden />}
              onClick={() => setDialog('remove')}
            >
              {text.removePhotos}
            </Button>
            <Button size="xs" variant="subtle" onClick={() => setChosen(new Set())}>
              {text.unselect}
            </Button>
          </Group>
        </div>
      )}
      {dialog === 'move' && <MoveDialog person={person} imageIds={ids} onClose={close} />}
      {dialog === 'split' && <SplitDialog person={person} imageIds={ids} onClose={close} />}
      {dialog === 'remove' && <RemovePhotosDialog imageIds={ids} onClose={close} />}
    </section>
  )
}
