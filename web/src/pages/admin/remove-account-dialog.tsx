import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { removeAccount } from '../../api/administration.ts'
import { TypedConfirmation } from '../../components/typed-confirmation.tsx'
import { useText } from '../../language/language.tsx'

interface Props {
  readonly username: string
  readonly onClose: () => void
}

export function RemoveAccountDialog({ username, onClose }: Props) {
  const { admin } = useText()
  const text = admin.accounts
  const queries = useQueryClient()
  const removal = useMutation({
    mutationFn: async () => await removeAccount(username),
    onSuccess: async () => {
      notifications.show({ message: text.removed(username), color: 'lotus' })
      onClose()
      await queries.invalidateQueries({ queryKey: ['accounts'] })
    },
  })
  return (
    <TypedConfirmation
      title={text.removeTitle(username)}
      hint={text.removeHint}
      word={username}
      action={text.remove}
      busy={removal.isPending}
      error={removal.error}
      onConfirm={() => removal.mutate()}
      onClose={onClose}
    />
  )
}
