import { VisuallyHidden } from '@mantine/core'
import type { Likeness } from '../api/recognition.ts'
import { useFormat, useText } from '../language/language.tsx'
import classes from './score-bar.module.css'

/** Where the threshold lies on the scale of confidence. */
const THRESHOLD_SHARE = 0.5

interface Props extends Likeness {
  readonly threshold: number
}

/** A score against the threshold: what is above the mark in the middle is a match. */
export function ScoreBar({ score, confidence, threshold }: Props) {
  const { recognise: text } = useText()
  const format = useFormat()
  const above = score > threshold
  return (
    <div className={classes.row}>
      <div className={classes.track} data-above={above || undefined} aria-hidden>
        <div className={classes.fill} style={{ width: `${100 * confidence}%` }} />
        <div className={classes.mark} style={{ left: `${100 * THRESHOLD_SHARE}%` }} />
      </div>
      <span className={classes.score} title={text.threshold(format.score(threshold))} aria-hidden>
        {format.score(score)}
      </span>
      <VisuallyHidden>
        {text.likeness}: {text.scoreAgainst(format.score(score), format.score(threshold))}
      </VisuallyHidden>
    </div>
  )
}
