import { Progress, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../../api/api-error.ts'
import { type EnrolledElsewhere, enrol, enrolledElsewhere } from '../../../api/enrolment.ts'
import type { Person } from '../../../api/person.ts'
import { AlreadyEnrolled } from '../../../components/already-enrolled.tsx'
import { Problem } from '../../../components/problem.tsx'
import { useFormat, useText } from '../../../language/language.tsx'
import { fitPhoto } from '../../../photos/fit-photo.ts'
import { PhotoInput } from '../../../photos/photo-input.tsx'
import { useRefreshPeople } from './use-person.ts'

interface Outcome {
  readonly added: number
  readonly refused: readonly { readonly name: string; readonly error: unknown }[]
}

/** Adds photos to a person one by one, so that a bad one does not stop the others. */
export function AddPhotos({ person }: { readonly person: Person }) {
  const { people: text } = useText()
  const format = useFormat()
  const refresh = useRefreshPeople()
  const [done, setDone] = useState({ photos: 0, of: 0 })
  const adding = useMutation({
    mutationFn: async (files: readonly File[]): Promise<Outcome> => {
      const refused: { name: string; error: unknown }[] = []
      for (const [index, file] of files.entries()) {
        setDone({ photos: index, of: files.length })
        try {
          await enrol([await fitPhoto(file)], { fields: {}, personId: person.id })
        } catch (error) {
          // What would refuse the next ones too ends it.
          if (!(error instanceof ApiError) || error.passes || error.status === 401) throw error
          refused.push({ name: file.name, error })
        }
      }
      return { added: files.length - refused.length, refused }
    },
    onSuccess: ({ added }) => {
      if (added > 0) notifications.show({ message: text.added(added), color: 'lotus' })
    },
    onSettled: refresh,
  })
  const share = done.of === 0 ? 0 : done.photos / done.of
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
            {text.adding(`${done.photos}/${done.of}`)}
          </Text>
          <Progress value={100 * share} size="sm" aria-label={format.percent(share)} />
        </div>
      )}
      {adding.isError && <Problem error={adding.error} />}
      {adding.data?.refused.map(({ name, error }) => {
        const file = adding.variables.find((one) => one.name === name)
        const known = enrolledElsewhere(error)
        return known !== null && file !== undefined ? (
          <Conflict key={name} person={person} photo={file} known={known} />
        ) : (
          <Refused key={name} name={name} error={error} />
        )
      })}
    </Stack>
  )
}

function Refused({ name, error }: { readonly name: string; readonly error: unknown }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Problem error={error} />
    </div>
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
    onSuccess: refresh,
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
