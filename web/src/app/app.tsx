import { Suspense } from 'react'
import { EmptyState } from '../components/empty-state.tsx'
import { PageHead } from '../components/page-head.tsx'
import { useText } from '../language/language.tsx'
import { hrefOf, useRoute } from '../routing/route.ts'
import { SessionProvider } from '../session/session.tsx'
import { Fallible } from './fallible.tsx'
import { RequireRole } from './require-role.tsx'
import { Shell } from './shell.tsx'
import { TABS } from './tabs.ts'
import { Waiting } from './waiting.tsx'

export function App() {
  return (
    <SessionProvider>
      <Shell>
        <CurrentPage />
      </Shell>
    </SessionProvider>
  )
}

function CurrentPage() {
  const text = useText()
  const { path } = useRoute()
  const name = path[0] ?? 'recognise'
  const tab = TABS.find((known) => known.name === name)
  if (tab === undefined)
    return (
      <>
        <PageHead title={text.app.pageNotFound} />
        <EmptyState
          title={text.app.pageNotFoundHint}
          action={<a href={hrefOf(['recognise'])}>{text.tabs.recognise}</a>}
        />
      </>
    )
  const page = (
    <Fallible key={tab.name}>
      <Suspense fallback={<Waiting />}>
        <tab.Page />
      </Suspense>
    </Fallible>
  )
  return tab.role === undefined ? (
    page
  ) : (
    <RequireRole role={tab.role} title={text.tabs[tab.name]}>
      {page}
    </RequireRole>
  )
}
