import classes from './line-chart.module.css'

export interface ChartPoint {
  readonly at: string
  /** Null leaves a gap. */
  readonly value: number | null
}

const WIDTH = 200
const HEIGHT = 44
const HOUR_MS = 3_600_000
/** So that a line of zeros lies on the ground and not in the middle. */
const LEAST_TOP = 1e-9

interface Props {
  readonly points: readonly ChartPoint[]
  readonly most?: number
}

/** The last hour as a line, now at the right edge. The figure above it says the same in words. */
export function LineChart({ points, most }: Props) {
  const now = Math.max(0, ...points.map(({ at }) => Date.parse(at)))
  const top = most ?? Math.max(LEAST_TOP, ...points.map(({ value }) => value ?? 0))
  const runs = runsOf(points).map((run) =>
    run.map(({ at, value }) => [
      WIDTH * (1 - (now - Date.parse(at)) / HOUR_MS),
      HEIGHT - 2 - (HEIGHT - 4) * Math.min(1, value / top),
    ]),
  )
  return (
    <svg className={classes.chart} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {runs.map((run) => {
        const line = run.map(([x = 0, y = 0]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join(' L ')
        const [from = 0, to = 0] = [run[0]?.[0], run.at(-1)?.[0]]
        return (
          <g key={line.slice(0, line.indexOf(' '))}>
            <path className={classes.area} d={`M ${from} ${HEIGHT} L ${line} L ${to} ${HEIGHT} Z`} />
            <path className={classes.line} d={`M ${line}`} />
          </g>
        )
      })}
    </svg>
  )
}

/** The points in runs without gaps. */
function runsOf(points: readonly ChartPoint[]): { at: string; value: number }[][] {
  const runs: { at: string; value: number }[][] = []
  let open = false
  for (const { at, value } of points) {
    if (value === null) {
      open = false
      continue
    }
    if (!open) runs.push([])
    open = true
    runs.at(-1)?.push({ at, value })
  }
  return runs
}
