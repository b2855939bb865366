import { lazy, Suspense, useState } from 'react'
import { useDraft } from '../../session/use-draft.ts'
import { ENROL_FACE_DRAFT, type Entered, enrolFaceDraft } from './enrol-face-draft.ts'

const EnrolFaceDialog = lazy(() => import('./enrol-face-dialog.tsx'))

/** The enrolment that a session's end interrupted, open again as it was. */
export function ResumedEnrolment() {
  const [resumed, setResumed] = useState<{ readonly photo: Blob; readonly entered: Entered } | null>(null)
  useDraft(
    ENROL_FACE_DRAFT,
    () => null,
    (content) => setResumed(enrolFaceDraft(content)),
  )
  if (resumed === null) return null
  const close = () => setResumed(null)
  return (
    <Suspense>
      <EnrolFaceDialog photo={resumed.photo} entered={resumed.entered} onClose={close} onEnrolled={close} />
    </Suspense>
  )
}
