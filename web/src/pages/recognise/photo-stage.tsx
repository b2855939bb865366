import { type ReactNode, useState } from 'react'
import type { Face } from '../../api/recognition.ts'
import { useText } from '../../language/language.tsx'
import { FaceBox } from './face-box.tsx'
import classes from './photo-stage.module.css'

interface Props {
  readonly url: string | null
  readonly name: string
  readonly faces: readonly Face[]
  readonly selected: number | null
  readonly onSelect: (face: number) => void
  /** Over the photo, while it is worked on. */
  readonly children?: ReactNode
}

/** A photo with a box and a name on every face. */
export function PhotoStage({ url, name, faces, selected, onSelect, children }: Props) {
  const { recognise: text } = useText()
  const [size, setSize] = useState<{ width: number; height: number } | null>(null)
  return (
    <figure className={classes.stage}>
      <div className={classes.frame}>
        {url !== null && (
          <img
            className={classes.photo}
            src={url}
            alt={text.photoOf(name)}
            // Upright, as the boxes are: browsers turn photos as their EXIF says.
            onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => setSize({ width, height })}
          />
        )}
        {size !== null &&
          faces.map((face, index) => (
            <FaceBox
              // biome-ignore lint/suspicious/noArrayIndexKey: a face is known by its place in the answer.
              key={index}
              face={face}
              photo={size}
              number={index + 1}
              selected={index === selected}
              onSelect={() => onSelect(index)}
            />
          ))}
        {children}
      </div>
    </figure>
  )
}
