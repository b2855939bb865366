import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { SignInAnswer } from '../../../src/http/wire/session.ts'
import { ApiError } from '../api/api-error.ts'
import { call } from '../api/call.ts'
import { useProblem } from '../components/use-problem.ts'
import { useFormat, useText } from '../language/language.tsx'
import { useSecondsLeft } from './use-seconds-left.ts'

interface Props {
  readonly onSignedIn: (answer: SignInAnswer) => void
}

export function SignInForm({ onSignedIn }: Props) {
  const { session: text } = useText()
  const format = useFormat()
  const problem = useProblem()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: async () => await call<SignInAnswer>('/auth/login', { body: { username, password } }),
    onSuccess: onSignedIn,
  })
  const locked = useSecondsLeft(lockSeconds(signIn.error), signIn.submittedAt)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {signIn.isError && (
          <Alert color={locked === null ? 'red' : 'orange'} variant="light" role="alert">
            {locked === null
              ? problem(signIn.error)
              : locked > 0
                ? text.lockedFor(format.duration(locked))
                : text.lockOver}
          </Alert>
        )}
        <TextInput
          label={text.username}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
          withAsterisk={false}
          size="md"
        />
        <PasswordInput
          label={text.password}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': text.showPassword }}
          required
          withAsterisk={false}
          size="md"
        />
        <Button type="submit" size="md" mt="xs" loading={signIn.isPending} disabled={locked !== null && locked > 0}>
          {text.signIn}
        </Button>
      </Stack>
    </form>
  )
}

/** How long the account stays locked; null for every other outcome. */
function lockSeconds(error: unknown): number | null {
  if (!(error instanceof ApiError) || error.code !== 'account-locked') return null
  const seconds = error.details.retry_after_seconds
  return typeof seconds === 'number' ? seconds : null
}
