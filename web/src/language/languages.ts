import type { Messages } from '../locales/vi.ts'

export const LANGUAGES = ['vi', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const STORED_UNDER = 'language'

/** The one chosen before, else the first of the browser's that there is, else Vietnamese. */
export function preferredLanguage(stored: string | null, browser: readonly string[]): Language {
  const wanted = [...(stored === null ? [] : [stored]), ...browser].map((tag) => tag.toLowerCase().split('-')[0])
  for (const tag of wanted) {
    const language = LANGUAGES.find((known) => known === tag)
    if (language !== undefined) return language
  }
  return 'vi'
}

export function storedLanguage(): string | null {
  return localStorage.getItem(STORED_UNDER)
}

export function storeLanguage(language: Language): void {
  localStorage.setItem(STORED_UNDER, language)
}

/** The texts of a language, which are fetched only when it is used. */
export async function loadMessages(language: Language): Promise<Messages> {
  if (language === 'en') return (await import('../locales/en.ts')).en
  return (await import('../locales/vi.ts')).vi
}
