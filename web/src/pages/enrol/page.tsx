import { SegmentedControl } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { Waiting } from '../../app/waiting.tsx'
import { PageHead } from '../../components/page-head.tsx'
import { useText } from '../../language/language.tsx'
import { hrefOf, navigate, useRoute } from '../../routing/route.ts'
import { OnePerson } from './one-person.tsx'

const FolderImport = lazy(() => import('./folder/folder-import.tsx'))

const MODES = ['one', 'folder'] as const

/** Enrols somebody, or everybody in a folder. */
export default function EnrolPage() {
  const { tabs, enrol: text } = useText()
  const { path } = useRoute()
  const mode = MODES.find((known) => known === path[1]) ?? 'one'
  return (
    <>
      <PageHead title={tabs.enrol} hint={text.hint}>
        <SegmentedControl
          aria-label={text.mode}
          value={mode}
          onChange={(value) => navigate(hrefOf(value === 'folder' ? ['enrol', 'folder'] : ['enrol']))}
          data={MODES.map((value) => ({ value, label: text.modes[value] }))}
        />
      </PageHead>
      {mode === 'one' ? (
        <OnePerson />
      ) : (
        <Suspense fallback={<Waiting />}>
          <FolderImport />
        </Suspense>
      )}
    </>
  )
}
