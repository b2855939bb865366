import { Button, Group, Modal, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type ListedPerson, movePhoto } from '../../../api/people.ts'
import type { Person } from '../../../api/person.ts'
import { PersonPicker } from '../../../components/person-picker.tsx'
import { Problem } from '../../../components/problem.tsx'
import { useText } from '../../../language/language.tsx'
import { useRefreshPeople } from './use-person.ts'

interface Props {
  readonly person: Person
  readonly imageIds: readonly number[]
  readonly onClose: () => void
}

/** Gives photos to somebody else. */
export function MoveDialog({ person, imageIds, onClose }: Props) {
  const { people: text, app } = useText()
  const refresh = useRefreshPeople()
  const [target, setTarget] = useState<ListedPerson | null>(null)
  const move = useMutation({
    mutationFn: async (to: ListedPerson) => {
      for (const id of imageIds) await movePhoto(id, to.id)
      return to
    },
    onSuccess: (to) => {
      notifications.show({ message: text.moved(imageIds.length, to.name), color: 'lotus' })
      onClose()
    },
    onSettled: async () => await refresh(),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (target !== null) move.mutate(target)
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={text.moveTitle(imageIds.length)}
      closeButtonProps={{ 'aria-label': app.close }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <PersonPicker label={text.moveTo} except={person.id} onPick={setTarget} />
          {move.isError && <Problem error={move.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {app.cancel}
            </Button>
            <Button type="submit" disabled={target === null} loading={move.isPending}>
              {text.move}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
