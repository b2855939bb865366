import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { splitPerson } from '../../../api/people.ts'
import type { Person } from '../../../api/person.ts'
import { Problem } from '../../../components/problem.tsx'
import { useText } from '../../../language/language.tsx'
import { hrefOf, navigate } from '../../../routing/route.ts'
import { useRefreshPeople } from './use-person.ts'

const NAME_MAX = 100

interface Props {
  readonly person: Person
  readonly imageIds: readonly number[]
  readonly onClose: () => void
}

/** Makes photos those of somebody new. */
export function SplitDialog({ person, imageIds, onClose }: Props) {
  const { people: text, person: words, app } = useText()
  const refresh = useRefreshPeople()
  const [name, setName] = useState('')
  const split = useMutation({
    mutationFn: async () => await splitPerson(person.id, imageIds, { name: name.trim() }),
    onSuccess: async (made) => {
      await refresh()
      notifications.show({ message: text.splitDone(made.name), color: 'lotus' })
      onClose()
      navigate(hrefOf(['people', made.id]))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    split.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={text.splitTitle(imageIds.length)}
      closeButtonProps={{ 'aria-label': app.close }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {text.splitHint}
          </Text>
          <TextInput
            label={words.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={NAME_MAX}
            autoComplete="off"
            data-autofocus
            required
          />
          {split.isError && <Problem error={split.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {app.cancel}
            </Button>
            <Button type="submit" loading={split.isPending}>
              {text.split}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
