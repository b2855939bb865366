import { ActionIcon, Group, Text } from '@mantine/core'
import { Check, Pencil, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Problem } from '../../../components/problem.tsx'
import { useText } from '../../../language/language.tsx'
import classes from './editable-fact.module.css'

interface InputProps {
  readonly 'aria-label': string
  readonly size: 'sm'
  readonly className: string
  readonly autoComplete: 'off'
}

interface Props<T> {
  readonly label: string
  /** The value as it is read; null where it is not known. */
  readonly shown: string | null
  readonly value: T
  readonly mayEdit: boolean
  readonly input: (value: T, change: (value: T) => void, props: InputProps) => ReactNode
  readonly onSave: (value: T) => Promise<void>
}

/** A fact that becomes a field when it is clicked: Enter saves, Escape leaves it as it was. */
export function EditableFact<T>({ label, shown, value, mayEdit, input, onSave }: Props<T>) {
  const { people: text, app } = useText()
  const [draft, setDraft] = useState<{ readonly value: T } | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const { row, opener } = useFocusInside(draft !== null)
  const leave = () => {
    setDraft(null)
    setError(null)
  }
  const save = async () => {
    if (draft === null || busy) return
    if (draft.value === value) return leave()
    setBusy(true)
    try {
      await onSave(draft.value)
      leave()
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') leave()
    // An open list of choices has Enter for itself.
    if (event.key !== 'Enter' || event.defaultPrevented) return
    event.preventDefault()
    void save()
  }
  return (
    <div className={classes.fact}>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.value} ref={row}>
        {draft === null ? (
          <FactText shown={shown}>
            {mayEdit && (
              <button
                ref={opener}
                type="button"
                className={classes.edit}
                aria-label={text.edit(label)}
                onClick={() => setDraft({ value })}
              >
                <Pencil size={14} aria-hidden />
              </button>
            )}
          </FactText>
        ) : (
          // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the field inside
          <div onKeyDown={onKeyDown}>
            <Group gap={4} wrap="nowrap">
              {input(draft.value, (next) => setDraft({ value: next }), {
                'aria-label': label,
                size: 'sm',
                className: classes.input ?? '',
                autoComplete: 'off',
              })}
              <ActionIcon size="lg" aria-label={app.save} loading={busy} onClick={() => void save()}>
                <Check size={16} aria-hidden />
              </ActionIcon>
              <ActionIcon size="lg" variant="default" aria-label={app.cancel} onClick={leave}>
                <X size={16} aria-hidden />
              </ActionIcon>
            </Group>
            {error !== null && <Problem error={error} />}
          </div>
        )}
      </dd>
    </div>
  )
}

function FactText({ shown, children }: { readonly shown: string | null; readonly children: ReactNode }) {
  const { people: text } = useText()
  return (
    <div className={classes.shown}>
      <Text component="span" size="sm" {...(shown === null ? { c: 'dimmed' } : {})}>
        {shown ?? text.notKnown}
      </Text>
      {children}
    </div>
  )
}

/** Puts the focus into the field that appears, and back on its button when it goes. */
function useFocusInside(editing: boolean) {
  const row = useRef<HTMLElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const was = useRef(editing)
  useEffect(() => {
    if (was.current === editing) return
    was.current = editing
    if (!editing) return opener.current?.focus()
    const field = row.current?.querySelector('input')
    field?.focus()
    field?.select()
  }, [editing])
  return { row, opener }
}
