import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { changeAccount } from '../../api/administration.ts'
import { Problem } from '../../components/problem.tsx'
import { useText } from '../../language/language.tsx'

interface Props {
  readonly username: string
  readonly onClose: () => void
}

/** For somebody who has forgotten theirs. */
export function SetPasswordDialog({ username, onClose }: Props) {
  const { admin, session, app } = useText()
  const text = admin.accounts
  const [password, setPassword] = useState('')
  const setting = useMutation({
    mutationFn: async () => await changeAccount(username, { password }),
    onSuccess: () => {
      notifications.show({ message: text.changed(username), color: 'lotus' })
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setting.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={text.setPassword} closeButtonProps={{ 'aria-label': app.close }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <input type="text" autoComplete="username" value={username} readOnly hidden />
          <PasswordInput
            label={text.passwordFor(username)}
            description={text.passwordHint}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': session.showPassword }}
            data-autofocus
            required
          />
          <Text size="xs" c="dimmed">
            {text.sessionsEnd}
          </Text>
          {setting.isError && <Problem error={setting.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {app.cancel}
            </Button>
            <Button type="submit" loading={setting.isPending}>
              {text.setPassword}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
