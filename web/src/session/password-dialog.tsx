import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../api/call.ts'
import { Problem } from '../components/problem.tsx'
import { useText } from '../language/language.tsx'
import { useSession } from './session.tsx'

/** Changes the password of the account that is signed in; its other sessions end. */
export default function PasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const { session: text, app } = useText()
  const username = useSession()?.username ?? ''
  const [old, setOld] = useState('')
  const [wanted, setWanted] = useState('')
  const [repeated, setRepeated] = useState('')
  const differs = repeated !== '' && repeated !== wanted
  const change = useMutation({
    mutationFn: async () => await call('/auth/password', { body: { old_password: old, new_password: wanted } }),
    onSuccess: () => {
      notifications.show({ message: text.passwordChanged, color: 'lotus' })
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wanted === repeated) change.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={text.changePassword} closeButtonProps={{ 'aria-label': app.close }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <input type="text" autoComplete="username" value={username} readOnly hidden />
          {change.isError && <Problem error={change.error} />}
          <PasswordInput
            label={text.oldPassword}
            value={old}
            onChange={(event) => setOld(event.currentTarget.value)}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': text.showPassword }}
            data-autofocus
            required
          />
          <PasswordInput
            label={text.newPassword}
            description={text.newPasswordHint}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': text.showPassword }}
            required
          />
          <PasswordInput
            label={text.repeatPassword}
            value={repeated}
            onChange={(event) => setRepeated(event.currentTarget.value)}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': text.showPassword }}
            error={differs && text.passwordsDiffer}
            required
          />
          <Text size="xs" c="dimmed">
            {text.otherSessionsEnd}
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {app.cancel}
            </Button>
            <Button type="submit" loading={change.isPending} disabled={differs}>
              {text.changePassword}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
