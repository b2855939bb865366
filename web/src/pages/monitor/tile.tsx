import { type ChartPoint, LineChart } from './line-chart.tsx'
import classes from './tile.module.css'

interface Props {
  readonly label: string
  readonly value: string
  readonly note?: string
  /** Beyond what is good. */
  readonly alarm?: boolean
  readonly line?: readonly ChartPoint[]
  /** Top of the chart; the highest point where absent. */
  readonly most?: number
}

export function Tile({ label, value, note, alarm = false, line, most }: Props) {
  return (
    <div className={classes.tile} data-alarm={alarm || undefined}>
      <span className={classes.label}>{label}</span>
      <span className={classes.figures}>
        <span className={classes.value}>{value}</span>
        {note !== undefined && <span className={classes.note}>{note}</span>}
      </span>
      {line !== undefined && <LineChart points={line} {...(most === undefined ? {} : { most })} />}
    </div>
  )
}
