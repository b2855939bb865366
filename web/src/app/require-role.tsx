import { Button } from '@mantine/core'
import { LockKeyhole } from 'lucide-react'
import type { ReactNode } from 'react'
import { EmptyState } from '../components/empty-state.tsx'
import { useText } from '../language/language.tsx'
import { useSession } from '../session/session.tsx'
import { signInAddress } from '../session/sign-in-address.ts'
import type { Role } from '../session/stored-session.ts'
import { Waiting } from './waiting.tsx'

interface Props {
  readonly role: Role
  readonly children: ReactNode
}

/** Shows its content to those who may use it, and tells the others what they need. */
export function RequireRole({ role, children }: Props) {
  const text = useText()
  const session = useSession()
  if (session === null)
    return (
      <EmptyState
        icon={LockKeyhole}
        title={text.session.signInFirst}
        hint={text.session.signInFirstHint(text.session.roles[role])}
        action={
          <Button component="a" href={signInAddress('required')}>
            {text.session.signIn}
          </Button>
        }
      />
    )
  if (session.role === null) return <Waiting />
  if (!session.may(role))
    return (
      <EmptyState
        icon={LockKeyhole}
        title={text.session.roleTooLow}
        hint={text.session.roleTooLowHint(text.session.roles[session.role], text.session.roles[role])}
      />
    )
  return children
}
