import { Button, Menu, Text } from '@mantine/core'
import { ChevronDown, KeyRound, LogIn, LogOut, UserRound } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useText } from '../language/language.tsx'
import { useDoor } from '../session/session.tsx'
import { signInAddress } from '../session/sign-in-address.ts'

const PasswordDialog = lazy(() => import('../session/password-dialog.tsx'))

export function AccountMenu() {
  const text = useText()
  const { session, signOut } = useDoor()
  const [changing, setChanging] = useState(false)
  if (session === null)
    return (
      <Button
        component="a"
        href={signInAddress()}
        size="compact-md"
        variant="light"
        leftSection={<LogIn size={16} aria-hidden />}
      >
        {text.session.signIn}
      </Button>
    )
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-md"
            maw={160}
            leftSection={<UserRound size={16} aria-hidden />}
            rightSection={<ChevronDown size={14} aria-hidden />}
          >
            {session.username}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {session.role !== null && (
            <Menu.Label>
              <Text size="xs">{text.session.signedInAs(text.session.roles[session.role])}</Text>
            </Menu.Label>
          )}
          <Menu.Item leftSection={<KeyRound size={16} aria-hidden />} onClick={() => setChanging(true)}>
            {text.session.changePassword}
          </Menu.Item>
          <Menu.Item leftSection={<LogOut size={16} aria-hidden />} onClick={() => void signOut()}>
            {text.session.signOut}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>{changing && <PasswordDialog onClose={() => setChanging(false)} />}</Suspense>
    </>
  )
}
