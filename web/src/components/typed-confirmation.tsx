import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useText } from '../language/language.tsx'
import { Problem } from './problem.tsx'

interface Props {
  readonly title: string
  readonly hint: ReactNode
  /** What must be typed; case and the form of accents don't matter. */
  readonly word: string
  /** On the button that does it. */
  readonly action: string
  readonly busy: boolean
  readonly error: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly children?: ReactNode
}

/** Asks before something goes for good: its name has to be typed. */
export function TypedConfirmation(props: Props) {
  const { title, hint, word, action, busy, error, onConfirm, onClose, children } = props
  const { typedConfirmation: text, app } = useText()
  const [typed, setTyped] = useState('')
  const matches = plain(typed) === plain(word)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (matches && !busy) onConfirm()
  }
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': app.close }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">{hint}</Text>
          {children}
          <TextInput
            label={text.label(word)}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
          {error !== null && <Problem error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {app.cancel}
            </Button>
            <Button type="submit" color="red.9" disabled={!matches} loading={busy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function plain(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase()
}
