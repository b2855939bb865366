import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { removePhoto } from '../../../api/people.ts'
import { Problem } from '../../../components/problem.tsx'
import { useText } from '../../../language/language.tsx'
import { useRefreshPeople } from './use-person.ts'

interface Props {
  readonly imageIds: readonly number[]
  readonly onClose: () => void
}

export function RemovePhotosDialog({ imageIds, onClose }: Props) {
  const { people: text, app } = useText()
  const refresh = useRefreshPeople()
  const removal = useMutation({
    mutationFn: async () => {
      for (const id of imageIds) await removePhoto(id)
    },
    onSuccess: () => {
      notifications.show({ message: text.photosRemoved(imageIds.length), color: 'lotus' })
      onClose()
    },
    onSettled: async () => await refresh(),
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={text.removePhotosTitle(imageIds.length)}
      closeButtonProps={{ 'aria-label': app.close }}
    >
      <Stack gap="sm">
        <Text size="sm">{text.removePhotosHint}</Text>
        {removal.isError && <Problem error={removal.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {app.cancel}
          </Button>
          <Button color="red.9" loading={removal.isPending} onClick={() => removal.mutate()}>
            {text.removePhotos}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
