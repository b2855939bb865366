import { SegmentedControl } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { Waiting } from '../../app/waiting.tsx'
import { PageHead } from '../../components/page-head.tsx'
import { useText } from '../../language/language.tsx'
import { hrefOf, navigate, useRoute } from '../../routing/route.ts'
import { PhotosMode } from './photos-mode.tsx'
import { ResumedEnrolment } from './resumed-enrolment.tsx'
import { usePhotoQueue } from './use-photo-queue.ts'

const CameraMode = lazy(() => import('./camera-mode.tsx'))
const CompareMode = lazy(() => import('./compare-mode.tsx'))

const MODES = ['photos', 'camera', 'compare'] as const
type Mode = (typeof MODES)[number]

/** Who is in a photo, in front of the camera, or in both of two photos. */
export default function RecognisePage() {
  const { tabs, recognise: text } = useText()
  const { path } = useRoute()
  const mode = MODES.find((known) => known === path[1]) ?? 'photos'
  const queue = usePhotoQueue()
  const show = (wanted: Mode) => navigate(hrefOf(wanted === 'photos' ? ['recognise'] : ['recognise', wanted]))
  return (
    <>
      <PageHead title={tabs.recognise} hint={text.hint}>
        <SegmentedControl
          aria-label={text.mode}
          value={mode}
          onChange={(value) => show(MODES.find((known) => known === value) ?? 'photos')}
          data={MODES.map((value) => ({ value, label: text.modes[value] }))}
        />
      </PageHead>
      <ResumedEnrolment />
      {mode === 'photos' && <PhotosMode queue={queue} onCamera={() => show('camera')} />}
      <Suspense fallback={<Waiting />}>
        {mode === 'camera' && (
          <CameraMode
            onPhoto={(photo) => {
              queue.add([photo])
              show('photos')
            }}
          />
        )}
        {mode === 'compare' && <CompareMode />}
      </Suspense>
    </>
  )
}
