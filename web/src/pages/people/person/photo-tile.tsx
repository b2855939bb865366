import { Checkbox } from '@mantine/core'
import { useId } from 'react'
import type { StoredPhoto } from '../../../api/people.ts'
import { StoredFace } from '../../../components/stored-face.tsx'
import { useFormat, useText } from '../../../language/language.tsx'
import classes from './photo-tile.module.css'

interface Props {
  readonly photo: StoredPhoto
  readonly name: string
  readonly selected: boolean
  /** Absent where nothing may be changed. */
  readonly onToggle?: () => void
}

export function PhotoTile({ photo: { id, label, createdAt }, name, selected, onToggle }: Props) {
  const { people: text } = useText()
  const format = useFormat()
  const checkbox = useId()
  const about = (
    <>
      <StoredFace imageId={id} name={name} size="fill" />
      <span className={classes.label} title={label}>
        {label}
      </span>
      <span className={classes.date}>{format.date(createdAt)}</span>
    </>
  )
  return (
    <li className={classes.tile} data-selected={selected || undefined}>
      {onToggle === undefined ? (
        <div className={classes.content}>{about}</div>
      ) : (
        <label className={classes.content} htmlFor={checkbox}>
          <Checkbox
            id={checkbox}
            className={classes.check ?? ''}
            checked={selected}
            onChange={onToggle}
            aria-label={text.select(`${name}, ${label}`)}
          />
          {about}
        </label>
      )}
    </li>
  )
}
