import { lazy, Suspense } from 'react'
import { Waiting } from '../../app/waiting.tsx'
import { PageHead } from '../../components/page-head.tsx'
import { useText } from '../../language/language.tsx'
import { hrefOf, useRoute } from '../../routing/route.ts'
import { Accounts } from './accounts.tsx'
import classes from './page.module.css'

const AuditLog = lazy(() => import('./audit-log.tsx'))
const ModelPacks = lazy(() => import('./model-packs.tsx'))
const GalleryCare = lazy(() => import('./gallery-care.tsx'))
const ResetData = lazy(() => import('./reset-data.tsx'))

const SECTIONS = {
  accounts: Accounts,
  audit: AuditLog,
  models: ModelPacks,
  gallery: GalleryCare,
  reset: ResetData,
} as const
type Section = keyof typeof SECTIONS
const NAMES: readonly Section[] = ['accounts', 'audit', 'models', 'gallery', 'reset']

/** What only administrators see and do. */
export default function AdminPage() {
  const { tabs, admin: text } = useText()
  const { path } = useRoute()
  const current = NAMES.find((known) => known === path[1]) ?? 'accounts'
  const Section = SECTIONS[current]
  return (
    <>
      <PageHead title={tabs.admin} hint={text.hint} />
      <nav className={classes.sections} aria-label={text.sections}>
        {NAMES.map((name) => (
          <a
            key={name}
            className={classes.section}
            href={hrefOf(['admin', name])}
            aria-current={name === current ? 'page' : undefined}
          >
            {text.section[name]}
          </a>
        ))}
      </nav>
      <Suspense fallback={<Waiting />}>
        <Section />
      </Suspense>
    </>
  )
}
