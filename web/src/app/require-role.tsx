import { Button } from '@mantine/core'
import { LockKeyhole } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { EmptyState } from '../components/empty-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { useText } from '../language/language.tsx'
import { useSession } from '../session/session.tsx'
import { signInAddress } from '../session/sign-in-address.ts'
import type { Role } from '../session/stored-session.ts'
import { Waiting } from './waiting.tsx'

interface Props {
  readonly role: Role
  /** Of the page that it stands for. */
  readonly title: string
  readonly children: ReactNode
}

/** Shows its content to those who may use it, and tells the others what they need. */
export function RequireRole({ role, title, children }: Props) {
  const text = useText()
  const session = useSession()
  if (session === null)
    return (
      <Refused
        pageTitle={title}
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
      <Refused
        pageTitle={title}
        title={text.session.roleTooLow}
        hint={text.session.roleTooLowHint(text.session.roles[session.role], text.session.roles[role])}
      />
    )
  return children
}

function Refused({ pageTitle, ...state }: ComponentProps<typeof EmptyState> & { readonly pageTitle: string }) {
  return (
    <>
      <PageHead title={pageTitle} />
      <EmptyState icon={LockKeyhole} {...state} />
    </>
  )
}
