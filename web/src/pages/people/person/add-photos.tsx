import { Progress, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { type EnrolledElsewhere, enrol } from '../../../api/enrolment.ts'
import type { Person } from '../../../api/person.ts'
import { AlreadyEnrolled } from '../../../components/already-enrolled.tsx'
import { Problem } from '../../../components/problem.tsx'
import { enrolPhotos, type PhotoOutcome } from '../../../enrolment/enrol-photos.ts'
import { useFormat, useText } from '../../../language/language.tsx'
import { fitPhoto } from '../../../photos/fit-photo.ts'
import { PhotoInput } from '../../../photos/photo-input.tsx'
import { useRefreshPeople } from './use-person.ts'

interface Ended {
  readonly file: File
  readonly outcome: PhotoOutcome
}

/** Adds photos to a person one by one, so that a bad one does not stop the others. */
export function AddPhotos({ person }: { readonly person: Person }) {
  const { people: text } = useText()
  const format = useFormat()
  const refresh = useRefreshPeople()
  const [done, setDone] = useState(0)
  const aborter = useRef<AbortController | null>(null)
  useEffect(() => () => aborter.current?.abort(), [])
  const adding = useMutation({
    mutationFn: async (files: readonly File[]): Promise<readonly Ended[]> => {
      const mine = new AbortController()
      aborter.current = mine
      const ended: Ended[] = []
      setDone(0)
      const photos = files.map((file) => ({ read: async () => await fitPhoto(file) }))
      const wish = { fields: {}, personId: person.id, force: false }
      await enrolPhotos(photos, wish, mine.signal, (index, outcome) => {
        const file = files[index]
        if (outcome === 'sending' || file === undefined) return true
        ended.push({ file, outcome })
        setDone(ended.length)
        return true
      })
      return ended
    },
    onSuccess: (ended) => {
      const added = ended.filter(({ outcome }) => outcome.kind === 'added').length
      if (added > 0) notifications.show({ message: text.added(added), color: 'lotus' })
    },
    onSettled: async () => await refresh(),
  })
  const of = adding.variables?.length ?? 0
  const share = of === 0 ? 0 : done / of
  return (
    <Stack gap="sm">
      <PhotoInput
        title={text.addPhotosTitle}
        hint={text.addPhotosHint}
        button={text.addPhotos}
        several
        everywhere
        compact
        onPhotos={(files) => {
          if (!adding.isPending) adding.mutate(files)
        }}
      />
      {adding.isPending && (
        <div role="status">
          <Text size="xs" mb={4}>
            {text.adding(`${done}/${of}`)}
          </Text>
          <Progress value={100 * share} size="sm" aria-label={format.percent(share)} />
        </div>
      )}
      {adding.isError && <Problem error={adding.error} />}
      {adding.data?.map(({ file, outcome }, index) => {
        if (outcome.kind === 'added') return null
        const key = `${index} ${file.name}`
        return outcome.kind === 'elsewhere' ? (
          <Conflict key={key} person={person} photo={file} known={outcome.known} />
        ) : (
          <div key={key}>
            <Text size="xs" c="dimmed">
              {file.name}
            </Text>
            <Problem error={outcome.error} />
          </div>
        )
      })}
    </Stack>
  )
}

interface ConflictProps {
  readonly person: Person
  readonly photo: File
  readonly known: EnrolledElsewhere
}

/** The face is somebody else's already: the photo goes to them, or comes here all the same. */
function Conflict({ person, photo, known }: ConflictProps) {
  const { people: text } = useText()
  const refresh = useRefreshPeople()
  const settle = useMutation({
    mutationFn: async (personId: number) =>
      await enrol([await fitPhoto(photo)], { fields: {}, personId, force: personId === person.id }),
    onSuccess: async () => await refresh(),
  })
  if (settle.isSuccess) return null
  return (
    <>
      {settle.isError && <Problem error={settle.error} />}
      <AlreadyEnrolled
        known={known}
        photo={photo}
        busy={settle.isPending}
        onSame={() => settle.mutate(known.person.id)}
        onOther={() => settle.mutate(person.id)}
        other={text.addAllTheSame(person.name)}
      />
    </>
  )
}
