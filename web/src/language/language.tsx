import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import type { Messages } from '../locales/vi.ts'
import { type Format, formatIn } from './format.ts'
import { type Language, loadMessages, storeLanguage } from './languages.ts'

interface Speech {
  readonly language: Language
  readonly text: Messages
  readonly format: Format
  readonly speak: (language: Language) => Promise<void>
}

const SpeechContext = createContext<Speech | null>(null)

interface Props {
  readonly language: Language
  readonly text: Messages
  readonly children: ReactNode
}

/** Texts and formats for everything below, beginning with a language whose texts are there already. */
export function LanguageProvider({ language, text, children }: Props) {
  const [spoken, setSpoken] = useState({ language, text })
  const speak = useCallback(async (next: Language) => {
    const messages = await loadMessages(next)
    storeLanguage(next)
    document.documentElement.lang = next
    setSpoken({ language: next, text: messages })
  }, [])
  const speech = useMemo(() => ({ ...spoken, format: formatIn(spoken.language), speak }), [spoken, speak])
  return <SpeechContext value={speech}>{children}</SpeechContext>
}

export function useLanguage(): Speech {
  const speech = useContext(SpeechContext)
  if (speech === null) throw new Error('there is no LanguageProvider above')
  return speech
}

/** Every text of the pages in the language in force: `const text = useText(); text.tabs.people`. */
export function useText(): Messages {
  return useLanguage().text
}

/** Numbers, dates and sizes as the language in force writes them. */
export function useFormat(): Format {
  return useLanguage().format
}
