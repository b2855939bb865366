import { CloseButton, Loader } from '@mantine/core'
import { CircleCheck, CircleX, ImageOff, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useProblem } from '../../components/use-problem.ts'
import type { PhotoOutcome } from '../../enrolment/enrol-photos.ts'
import { useText } from '../../language/language.tsx'
import { useObjectUrl } from '../../photos/use-object-url.ts'
import classes from './photo-card.module.css'
import { type CheckedPhoto, chosenFace } from './use-photo-checks.ts'

/** Of the server's quality, which is 1 where every part is good enough: below, a better photo is worth a try. */
const GOOD_QUALITY = 0.4

interface Props {
  readonly photo: CheckedPhoto
  readonly number: number
  readonly outcome: PhotoOutcome | 'sending' | null
  readonly onFace: (face: number) => void
  /** Absent while photos are on their way. */
  readonly onRemove?: () => void
}

/** A photo with what the server thinks of it; where it shows several people, the place to choose one. */
export function PhotoCard({ photo, number, outcome, onFace, onRemove }: Props) {
  const { enrol: text } = useText()
  const url = useObjectUrl(photo.file)
  const [unreadable, setUnreadable] = useState(false)
  const { detection, file, face } = photo
  const several = detection !== null && detection.faces.length > 1
  return (
    <li className={classes.card} aria-label={`${text.photo(number)}: ${file.name}`}>
      <div className={classes.stage}>
        <div className={classes.frame}>
          {unreadable ? (
            <ImageOff className={classes.unreadable} size={32} strokeWidth={1.4} aria-hidden />
          ) : (
            url !== null && (
              <img className={classes.photo} src={url} alt={file.name} onError={() => setUnreadable(true)} />
            )
          )}
          {several &&
            detection.faces.map(({ box }, index) => (
              <button
                // biome-ignore lint/suspicious/noArrayIndexKey: a face is known by its place in the answer.
                key={index}
                type="button"
                className={classes.face}
                aria-pressed={index === face}
                aria-label={text.whichFace(index + 1)}
                disabled={onRemove === undefined}
                style={{
                  left: `${(100 * box.x) / detection.width}%`,
                  top: `${(100 * box.y) / detection.height}%`,
                  width: `${(100 * box.width) / detection.width}%`,
                  height: `${(100 * box.height) / detection.height}%`,
                }}
                onClick={() => onFace(index)}
              />
            ))}
        </div>
        {onRemove !== undefined && (
          <CloseButton
            className={classes.remove ?? ''}
            size="sm"
            variant="default"
            aria-label={text.removePhoto(text.photo(number))}
            onClick={onRemove}
          />
        )}
      </div>
      <div className={classes.verdict} role="status">
        {several && outcome === null && <p className={classes.choice}>{text.severalFaces(detection.faces.length)}</p>}
        {outcome === null ? <Verdict photo={photo} /> : <Ending outcome={outcome} />}
      </div>
    </li>
  )
}

function Verdict({ photo }: { readonly photo: CheckedPhoto }) {
  const { enrol: text } = useText()
  const problem = useProblem()
  const { state, error } = photo
  const face = chosenFace(photo)
  if (state === 'failed') return <Bad reasons={[problem(error)]} />
  if (state !== 'checked')
    return (
      <p className={classes.line}>
        <Loader size={12} /> {text.checking}
      </p>
    )
  if (face === null) return <Bad reasons={[text.noFace]} />
  if (face.shortcomings.length > 0) return <Bad reasons={face.shortcomings.map(inWords(text.advice))} />
  if (face.quality < GOOD_QUALITY)
    return (
      <p className={classes.line} data-tone="warn">
        <TriangleAlert size={14} aria-hidden /> {text.fair}
      </p>
    )
  return (
    <p className={classes.line} data-tone="good">
      <CircleCheck size={14} aria-hidden /> {text.fit}
    </p>
  )
}

/** In the words of the page, or in the server's own where the page has none. */
function inWords(advice: Readonly<Record<string, string>>) {
  return ({ reason, sentence }: { readonly reason: string; readonly sentence: string }) => advice[reason] ?? sentence
}

function Bad({ reasons }: { readonly reasons: readonly string[] }) {
  const { enrol: text } = useText()
  return (
    <>
      {reasons.map((reason) => (
        <p key={reason} className={classes.line} data-tone="bad">
          <CircleX size={14} aria-hidden /> {reason}
        </p>
      ))}
      <p className={classes.note}>{text.willNotBeSent}</p>
    </>
  )
}

function Ending({ outcome }: { readonly outcome: PhotoOutcome | 'sending' }) {
  const { enrol: text, alreadyEnrolled } = useText()
  const problem = useProblem()
  if (outcome === 'sending')
    return (
      <p className={classes.line}>
        <Loader size={12} />
      </p>
    )
  if (outcome.kind === 'added')
    return (
      <p className={classes.line} data-tone="good">
        <CircleCheck size={14} aria-hidden /> {text.added}
      </p>
    )
  return (
    <p className={classes.line} data-tone="bad">
      <CircleX size={14} aria-hidden />{' '}
      {outcome.kind === 'elsewhere' ? alreadyEnrolled.title(outcome.known.person.name) : problem(outcome.error)}
    </p>
  )
}
