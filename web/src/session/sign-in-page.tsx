import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useEffect } from 'react'
import { Brand } from '../app/brand.tsx'
import { Preferences } from '../app/preferences.tsx'
import { useText } from '../language/language.tsx'
import { signInReason } from './sign-in-address.ts'
import { SignInForm } from './sign-in-form.tsx'
import classes from './sign-in-page.module.css'
import { storeSession } from './stored-session.ts'

/** The page for signing in; it leads back to the place that stands after its #. */
export function SignInPage() {
  const text = useText()
  const reason = signInReason()
  const back = `/${location.hash}`
  useEffect(() => {
    document.title = `${text.session.signIn} · ${text.app.name}`
  }, [text])
  return (
    <div className={classes.page}>
      <Group component="header" justify="space-between" className={classes.top}>
        <Brand />
        <Group gap={4}>
          <Preferences />
        </Group>
      </Group>
      <main className={classes.main}>
        <Paper className={classes.card} withBorder>
          <Stack gap="md">
            <Title order={1} size="h3">
              {text.session.signInTitle}
            </Title>
            {reason !== null && (
              <Text className={classes.reason} size="sm" role="status">
                {text.session.reasons[reason]}
              </Text>
            )}
            <SignInForm
              onSignedIn={({ token, username, role }) => {
                storeSession(token, username, role)
                location.replace(back)
              }}
            />
            <Anchor href={back} size="sm" ta="center">
              {text.session.withoutAccount}
            </Anchor>
          </Stack>
        </Paper>
      </main>
    </div>
  )
}
