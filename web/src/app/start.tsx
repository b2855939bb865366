import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './fonts.css'
import './ground.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { setNonce } from 'get-nonce'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from '../api/api-error.ts'
import { LanguageProvider } from '../language/language.tsx'
import { loadMessages, preferredLanguage, storedLanguage } from '../language/languages.ts'
import { theme, variables } from './theme.ts'

const RETRIES_MAX = 2
const FRESH_MS = 10_000

/** Puts a page into its document, in the language and the colours one prefers. */
export async function start(page: ReactNode): Promise<void> {
  const root = document.getElementById('root')
  if (root === null) throw new Error('the document has no #root')
  const language = preferredLanguage(storedLanguage(), navigator.languages)
  document.documentElement.lang = language
  const text = await loadMessages(language)

  // Style elements that libraries make carry the nonce that the server put into the document (src/http/pages.ts).
  const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''
  setNonce(nonce)
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => failures < RETRIES_MAX && error instanceof ApiError && error.passes,
      },
    },
  })
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <LanguageProvider language={language} text={text}>
          <QueryClientProvider client={queries}>
            <Notifications position="top-center" />
            {page}
          </QueryClientProvider>
        </LanguageProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
