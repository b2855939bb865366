import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { removePerson } from '../../../api/people.ts'
import type { Person } from '../../../api/person.ts'
import { TypedConfirmation } from '../../../components/typed-confirmation.tsx'
import { useText } from '../../../language/language.tsx'
import { navigate } from '../../../routing/route.ts'
import { useRefreshPeople } from './use-person.ts'

interface Props {
  readonly person: Person
  readonly photos: number
  readonly listHref: string
  readonly onClose: () => void
}

export function RemovePersonDialog({ person, photos, listHref, onClose }: Props) {
  const { people: text } = useText()
  const refresh = useRefreshPeople()
  const removal = useMutation({
    mutationFn: async () => await removePerson(person.id),
    onSuccess: async () => {
      notifications.show({ message: text.removed(person.name), color: 'lotus' })
      // The page of somebody who is gone is left first, so that it does not ask for them again.
      navigate(listHref, 'replace')
      await refresh(person.id)
    },
  })
  return (
    <TypedConfirmation
      title={text.removeTitle(person.name)}
      hint={text.removeHint(photos)}
      word={person.name}
      action={text.remove}
      busy={removal.isPending}
      error={removal.error}
      onConfirm={() => removal.mutate()}
      onClose={onClose}
    />
  )
}
