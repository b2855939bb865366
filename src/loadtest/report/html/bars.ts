import { escaped } from './markup.ts'

export interface Bar {
  readonly name: string
  readonly value: number
  readonly colour: 'busy' | 'bad'
}

const WIDTH = 460
const ROW = 34
const NUMBER_WIDTH = 60
const LEAST = 2

/** Horizontal bars, each under its name. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  const height = Math.max(ROW, bars.length * ROW)
  const rows = bars.map(({ name, value, colour }, index) => {
    const width = Math.max(LEAST, (value / most) * (WIDTH - NUMBER_WIDTH))
    const top = index * ROW
    return (
      `<text x="0" y="${top + 12}">${escaped(name)}</text>` +
      `<rect class="${colour}" x="0" y="${top + 17}" width="${width.toFixed(1)}" height="10" rx="2"/>` +
      `<text x="${(width + 6).toFixed(1)}" y="${top + 26}">${value}</text>`
    )
  })
  const none = bars.length === 0 ? '<text x="0" y="16">none</text>' : ''
  return `<figure><figcaption>${escaped(title)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">
${none}${rows.join('\n')}
</svg></figure>`
}
