import { Alert, Button, CopyButton, Group, Radio, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { dataHeld, resetEverything } from '../../api/administration.ts'
import { TypedConfirmation } from '../../components/typed-confirmation.tsx'
import { useFormat, useText } from '../../language/language.tsx'
import classes from './panel.module.css'

/** Removes everything that is known of faces, after a backup whose name is shown. */
export default function ResetData() {
  const { admin } = useText()
  const text = admin.reset
  const format = useFormat()
  const queries = useQueryClient()
  const [scope, setScope] = useState<'images' | 'all'>('images')
  const [asking, setAsking] = useState(false)
  const { data } = useQuery({ queryKey: ['held'], queryFn: dataHeld })
  const reset = useMutation({
    mutationFn: async () => await resetEverything(scope),
    onSuccess: async () => {
      setAsking(false)
      await queries.invalidateQueries()
    },
  })
  return (
    <Stack gap="md">
      {reset.isSuccess && (
        <Alert variant="light" role="status">
          <Stack gap="xs" align="flex-start">
            <Text size="sm" fw={500}>
              {text.done(format.number(reset.data.images), format.number(reset.data.people))}
            </Text>
            <Text size="sm">{text.backup}:</Text>
            <span className={classes.backup}>{reset.data.backup}</span>
            <Text size="sm">{text.backupHint}</Text>
            <CopyButton value={reset.data.backup}>
              {({ copied, copy }) => (
                <Button size="xs" variant="default" onClick={copy}>
                  {copied ? text.copied : text.copy}
                </Button>
              )}
            </CopyButton>
          </Stack>
        </Alert>
      )}
      <section className={classes.danger} aria-labelledby="reset-title">
        <Stack gap="sm">
          <div>
            <Title order={2} size="h4" id="reset-title">
              {text.title}
            </Title>
            <Text size="sm" c="dimmed">
              {text.hint}
            </Text>
          </div>
          {data !== undefined && (
            <Text size="sm">{text.now(format.number(data.people), format.number(data.photos))}</Text>
          )}
          <Radio.Group
            label={text.what}
            value={scope}
            onChange={(value) => setScope(value === 'all' ? 'all' : 'images')}
          >
            <Stack gap="xs" mt={6}>
              <Radio value="images" label={text.images} description={text.imagesHint} />
              <Radio value="all" label={text.all} description={text.allHint} />
            </Stack>
          </Radio.Group>
          <Group>
            <Button color="red.9" onClick={() => setAsking(true)}>
              {text.go}
            </Button>
          </Group>
        </Stack>
      </section>
      {asking && (
        <TypedConfirmation
          title={text.confirmTitle}
          hint={text.confirmHint}
          word={text.word}
          action={text.go}
          busy={reset.isPending}
          error={reset.error}
          onConfirm={() => reset.mutate()}
          onClose={() => setAsking(false)}
        >
          <Text size="sm" fw={500}>
            {scope === 'all' ? text.all : text.images}
          </Text>
        </TypedConfirmation>
      )}
    </Stack>
  )
}
