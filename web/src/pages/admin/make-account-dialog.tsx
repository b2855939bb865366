import { Button, Group, Modal, PasswordInput, Radio, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { makeAccount } from '../../api/administration.ts'
import { Problem } from '../../components/problem.tsx'
import { useText } from '../../language/language.tsx'
import { asRole, ROLES, type Role } from '../../session/stored-session.ts'

const USERNAME_MAX = 50

export function MakeAccountDialog({ onClose }: { readonly onClose: () => void }) {
  const { admin, session, app } = useText()
  const text = admin.accounts
  const queries = useQueryClient()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const making = useMutation({
    mutationFn: async () => await makeAccount({ username: username.trim(), password, role }),
    onSuccess: async () => {
      notifications.show({ message: text.made(username.trim()), color: 'lotus' })
      onClose()
      await queries.invalidateQueries({ queryKey: ['accounts'] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    making.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={text.add} closeButtonProps={{ 'aria-label': app.close }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={text.username}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
            maxLength={USERNAME_MAX}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            data-autofocus
            required
          />
          <PasswordInput
            label={text.password}
            description={text.passwordHint}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': session.showPassword }}
            required
          />
          <Radio.Group label={text.role} value={role} onChange={(value) => setRole(asRole(value) ?? 'viewer')}>
            <Stack gap="xs" mt={6}>
              {ROLES.map((value) => (
                <Radio key={value} value={value} label={session.roles[value]} description={text.roleHints[value]} />
              ))}
            </Stack>
          </Radio.Group>
          {making.isError && <Problem error={making.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {app.cancel}
            </Button>
            <Button type="submit" loading={making.isPending}>
              {text.add}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
