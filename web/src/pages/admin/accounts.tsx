import { ActionIcon, Badge, Button, Group, Menu, NativeSelect, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, KeyRound, Lock, LockOpen, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { type Account, accounts, changeAccount } from '../../api/administration.ts'
import { Waiting } from '../../app/waiting.tsx'
import { Problem } from '../../components/problem.tsx'
import { useFormat, useText } from '../../language/language.tsx'
import { useSession } from '../../session/session.tsx'
import { asRole, ROLES } from '../../session/stored-session.ts'
import { MakeAccountDialog } from './make-account-dialog.tsx'
import { RemoveAccountDialog } from './remove-account-dialog.tsx'
import { SetPasswordDialog } from './set-password-dialog.tsx'
import classes from './table.module.css'

type Dialog = { readonly kind: 'make' } | { readonly kind: 'password' | 'remove'; readonly username: string }

/** Who may sign in, and what they may do. */
export function Accounts() {
  const { admin, session } = useText()
  const text = admin.accounts
  const own = useSession()?.username
  const queries = useQueryClient()
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const { data, error, refetch } = useQuery({ queryKey: ['accounts'], queryFn: accounts })
  const change = useMutation({
    mutationFn: async ({ username, ...changes }: { username: string } & Parameters<typeof changeAccount>[1]) =>
      await changeAccount(username, changes),
    onSuccess: ({ username }) => notifications.show({ message: text.changed(username), color: 'lotus' }),
    onSettled: async () => await queries.invalidateQueries({ queryKey: ['accounts'] }),
  })
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />
  if (data === undefined) return <Waiting />
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setDialog({ kind: 'make' })}>
          {text.add}
        </Button>
      </Group>
      {change.isError && <Problem error={change.error} />}
      <table className={classes.table} aria-label={admin.section.accounts}>
        <thead>
          <tr>
            <th scope="col">{text.username}</th>
            <th scope="col">{text.role}</th>
            <th scope="col">{text.state}</th>
            <th scope="col" className={classes.tight}>
              {text.actions}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.map((account) => {
            const { username, role, locked } = account
            return (
              <tr key={username}>
                <td data-head={text.username}>
                  <span>
                    {username}{' '}
                    {username === own && (
                      <Text span size="xs" c="dimmed">
                        ({text.you})
                      </Text>
                    )}
                  </span>
                </td>
                <td data-head={text.role}>
                  <NativeSelect
                    size="xs"
                    aria-label={text.roleOf(username)}
                    value={role ?? ''}
                    disabled={change.isPending}
                    onChange={(event) => {
                      const wanted = asRole(event.currentTarget.value)
                      if (wanted !== null) change.mutate({ username, role: wanted })
                    }}
                    data={ROLES.map((value) => ({ value, label: session.roles[value] }))}
                  />
                </td>
                <td data-head={text.state}>
                  <State account={account} />
                </td>
                <td data-head={text.actions} className={classes.tight}>
                  <Menu position="bottom-end">
                    <Menu.Target>
                      <ActionIcon variant="default" size="lg" aria-label={text.more(username)}>
                        <Ellipsis size={16} aria-hidden />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item
                        leftSection={<KeyRound size={16} aria-hidden />}
                        onClick={() => setDialog({ kind: 'password', username })}
                      >
                        {text.setPassword}
                      </Menu.Item>
                      <Menu.Item
                        leftSection={locked ? <LockOpen size={16} aria-hidden /> : <Lock size={16} aria-hidden />}
                        onClick={() => change.mutate({ username, locked: !isLocked(account) })}
                      >
                        {isLocked(account) ? text.unlock : text.lock}
                      </Menu.Item>
                      <Menu.Item
                        leftSection={<Trash2 size={16} aria-hidden />}
                        onClick={() => setDialog({ kind: 'remove', username })}
                      >
                        {text.remove}
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {dialog?.kind === 'make' && <MakeAccountDialog onClose={() => setDialog(null)} />}
      {dialog?.kind === 'password' && <SetPasswordDialog username={dialog.username} onClose={() => setDialog(null)} />}
      {dialog?.kind === 'remove' && <RemoveAccountDialog username={dialog.username} onClose={() => setDialog(null)} />}
    </>
  )
}

/** By an administrator, or for a while after failed sign-ins: unlocking ends both. */
function isLocked({ locked, lockedUntil }: Account): boolean {
  return locked || (lockedUntil !== null && new Date(lockedUntil).getTime() > Date.now())
}

function State({ account }: { readonly account: Account }) {
  const { admin } = useText()
  const format = useFormat()
  const text = admin.accounts
  if (!isLocked(account)) return <span>{text.active}</span>
  return (
    <Badge variant="light" color="orange" c="var(--warn)" tt="none" fw={500}>
      {account.locked || account.lockedUntil === null
        ? text.locked
        : text.lockedUntil(format.time(account.lockedUntil))}
    </Badge>
  )
}
