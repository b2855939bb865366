import { CloseButton, Loader, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { Search } from 'lucide-react'
import { type Ref, useEffect, useState } from 'react'
import { useText } from '../../language/language.tsx'
import classes from './search-field.module.css'

const PAUSE_MS = 180
const WORDS_MAX = 200

interface Props {
  readonly ref: Ref<HTMLInputElement>
  readonly words: string
  readonly busy: boolean
  readonly onWords: (words: string) => void
}

/** What one searches for, told on as soon as one pauses. */
export function SearchField({ ref, words, busy, onWords }: Props) {
  const { people: text } = useText()
  const [typed, setTyped] = useState(words)
  const tell = useDebouncedCallback(onWords, PAUSE_MS)
  // Going back shows what was sought then; white space at the end of what is being typed stays.
  useEffect(() => setTyped((before) => (before.trim() === words ? before : words)), [words])
  const type = (next: string) => {
    setTyped(next)
    tell(next.trim())
  }
  const clear = <CloseButton size="sm" aria-label={text.clearSearch} onClick={() => type('')} />
  return (
    <TextInput
      ref={ref}
      type="search"
      aria-label={text.search}
      description={
        <>
          {text.searchHint} <span className={classes.keys}>{text.searchKeys}</span>
        </>
      }
      inputWrapperOrder={['input', 'description']}
      placeholder={text.search}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={busy ? <Loader size={14} /> : typed === '' ? null : clear}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      maxLength={WORDS_MAX}
      autoComplete="off"
      spellCheck={false}
      size="md"
    />
  )
}
