import type { Likeness } from '../api/recognition.ts'
import { useFormat, useText } from '../language/language.tsx'
import classes from './score-bar.module.css'

const SCORE_DECIMALS = 3
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
      <div
        className={classes.track}
        data-above={above || undefined}
        role="meter"
        aria-label={text.likeness}
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={confidence}
        aria-valuetext={text.scoreAgainst(
          format.number(score, SCORE_DECIMALS),
          format.number(threshold, SCORE_DECIMALS),
        )}
      >
        <div className={classes.fill} style={{ width: `${100 * confidence}%` }} />
        <div className={classes.mark} style={{ left: `${100 * THRESHOLD_SHARE}%` }} />
      </div>
      <span className={classes.score} title={text.threshold(format.number(threshold, SCORE_DECIMALS))}>
        {format.number(score, SCORE_DECIMALS)}
      </span>
    </div>
  )
}
