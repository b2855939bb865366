import type { Face } from '../../api/recognition.ts'
import { useText } from '../../language/language.tsx'
import classes from './face-box.module.css'

interface Props {
  readonly face: Face
  /** Pixels of the photo that the box is in. */
  readonly photo: { readonly width: number; readonly height: number }
  readonly number: number
  readonly selected?: boolean
  /** Without it the box only shows. */
  readonly onSelect?: () => void
}

/** The box of a face over its photo, with the name of whom it was recognised as. */
export function FaceBox({ face: { box, match }, photo, number, selected = false, onSelect }: Props) {
  const { recognise: text } = useText()
  const name = match?.person.name ?? text.unknown
  const place = {
    left: `${(100 * box.x) / photo.width}%`,
    top: `${(100 * box.y) / photo.height}%`,
    width: `${(100 * box.width) / photo.width}%`,
    height: `${(100 * box.height) / photo.height}%`,
  }
  const marks = { 'data-known': match !== null || undefined, 'data-selected': selected || undefined }
  const label = (
    <span className={classes.name} aria-hidden>
      {match === null ? '?' : name}
    </span>
  )
  if (onSelect === undefined)
    return (
      <span className={classes.box} style={place} {...marks}>
        {label}
      </span>
    )
  return (
    <button
      type="button"
      className={classes.box}
      style={place}
      aria-label={text.face(number, name)}
      aria-pressed={selected}
      onClick={onSelect}
      {...marks}
    >
      {label}
    </button>
  )
}
