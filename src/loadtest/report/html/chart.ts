import { escaped } from './markup.ts'
import { ticksUpTo } from './scale.ts'

/** A value over time, or over whatever the axis below is; null where nothing was measured. */
export type Point = readonly [at: number, value: number | null]

export interface Line {
  readonly name: string
  /** Which of the colours of the page. */
  readonly colour: 'first' | 'second' | 'third' | 'fourth' | 'good' | 'busy' | 'bad'
  readonly points: readonly Point[]
  readonly isDashed?: boolean
  /** Dots that nothing joins. */
  readonly isScattered?: boolean
}

export interface Chart {
  readonly title: string
  readonly lines: readonly Line[]
  /** Ticks of the axis below; the last one need not be its end. */
  readonly ticks: readonly number[]
  readonly end: number
  readonly sayAt: (at: number) => string
  readonly sayValue: (value: number) => string
  /** Where the axis ends at least. */
  readonly valueMin?: number
}

const WIDTH = 460
const HEIGHT = 220
const LEFT = 60
const RIGHT = 14
const TOP = 10
const BOTTOM = 26
const VALUE_TICKS = 4
/** Places where a reader who points sees the values. */
const READABLE_MAX = 120

/** A chart as SVG without script: its values are shown by the browser where a reader points. */
export function lineChart({ title, lines, ticks, end, sayAt, sayValue, valueMin = 0 }: Chart): string {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value ?? 0))
  const valueTicks = ticksUpTo(Math.max(valueMin, ...values), VALUE_TICKS)
  const top = valueTicks.at(-1) ?? 1
  const x = (at: number) => LEFT + (Math.min(at, end) / (end || 1)) * (WIDTH - LEFT - RIGHT)
  const y = (value: number) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM)
  const grid = valueTicks.map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y(value))}" y2="${px(y(value))}"/>` +
      `<text class="value" x="${LEFT - 6}" y="${px(y(value) + 4)}">${escaped(sayValue(value))}</text>`,
  )
  const below = ticks.map(
    (at) =>
      `<line class="tick" x1="${px(x(at))}" x2="${px(x(at))}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM + 4}"/>` +
      `<text class="at" x="${px(x(at))}" y="${HEIGHT - BOTTOM + 17}">${escaped(sayAt(at))}</text>`,
  )
  const drawn = lines.map((line) => drawLine(line, x, y))
  return [
    `<figure><figcaption>${escaped(title)}</figcaption>`,
    `<div class="legend">${lines.map(({ name, colour }) => `<span class="${colour}">${escaped(name)}</span>`).join('')}</div>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    ...grid,
    ...below,
    ...drawn,
    ...readings(lines, x, sayAt, sayValue),
    '</svg></figure>',
  ].join('\n')
}

type Position = (value: number) => number

function drawLine({ points, colour, isDashed = false, isScattered = false }: Line, x: Position, y: Position): string {
  let path = ''
  let isOpen = false
  for (const [at, value] of points) {
    if (value !== null) path += `${isOpen ? 'L' : 'M'}${px(x(at))} ${px(y(value))}`
    isOpen = value !== null
  }
  // What has no neighbour would be a line of no length.
  const isAlone = (index: number) =>
    (points[index - 1]?.[1] ?? null) === null && (points[index + 1]?.[1] ?? null) === null
  const dots = points.flatMap(([at, value], index) =>
    value === null || !(isScattered || isAlone(index))
      ? []
      : [`<circle class="${colour}" cx="${px(x(at))}" cy="${px(y(value))}" r="${isScattered ? 3 : 1.5}"/>`],
  )
  if (isScattered) return dots.join('')
  return `<path class="${colour}${isDashed ? ' dashed' : ''}" d="${path}"/>${dots.join('')}`
}

/** Unseen columns over the chart, each with the values below it as its title. */
function readings(
  lines: readonly Line[],
  x: Position,
  sayAt: (at: number) => string,
  sayValue: (value: number) => string,
): string[] {
  const places = [...new Set(lines.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b)
  const every = Math.max(1, Math.ceil(places.length / READABLE_MAX))
  const shown = places.filter((_, index) => index % every === 0)
  return shown.map((at, index) => {
    const [left, right] = [x(at), x(shown[index + 1] ?? at + (at - (shown[index - 1] ?? 0)))]
    const values = lines.flatMap(({ name, points }) => {
      const value = points.find(([place]) => place === at)?.[1]
      return value === undefined || value === null ? [] : [`${name} ${sayValue(value)}`]
    })
    const title = `${sayAt(at)}\n${values.join('\n')}`
    const width = Math.max(2, right - left)
    return `<rect class="reading" x="${px(left - width / 2)}" y="${TOP}" width="${px(width)}" height="${HEIGHT - TOP - BOTTOM}"><title>${escaped(title)}</title></rect>`
  })
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}
