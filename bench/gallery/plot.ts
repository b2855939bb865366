import type { SpeedRow } from './speed.ts'

const SIZE = { width: 640, height: 420, left: 70, right: 130, top: 40, bottom: 50 }
const SERIES = [
  { name: 'this index', colour: '#0b6', of: (row: SpeedRow) => (row.known + row.unknown) / 2 },
  { name: 'OpenBLAS sgemv', colour: '#06c', of: (row: SpeedRow) => row.sgemv },
  { name: 'FAISS FlatIP', colour: '#c40', of: (row: SpeedRow) => row.faiss },
] as const

/** An SVG of the cost of a search against the size of the gallery, both axes logarithmic: a straight line is linear. */
export function plotCost(rows: readonly SpeedRow[], title: string): string {
  const values = rows.flatMap((row) => SERIES.map(({ of }) => of(row)).filter((value) => value !== null))
  const xAxis = decades(rows.map((row) => row.templates))
  const yAxis = decades(values)
  const x = (value: number) => scale(value, xAxis, SIZE.left, SIZE.width - SIZE.right)
  const y = (value: number) => scale(value, yAxis, SIZE.height - SIZE.bottom, SIZE.top)
  const parts = [
    `<text x="${SIZE.left}" y="20" font-weight="bold">${title}</text>`,
    `<text x="${SIZE.left}" y="${SIZE.height - 10}">templates</text>`,
    `<text x="8" y="${SIZE.top - 8}">CPU-ms</text>`,
  ]
  for (const at of ticks(xAxis)) {
    parts.push(line([x(at), y(10 ** yAxis[0])], [x(at), y(10 ** yAxis[1])], '#ddd'))
    parts.push(`<text x="${x(at)}" y="${SIZE.height - 30}" text-anchor="middle">${at.toLocaleString('en')}</text>`)
  }
  for (const at of ticks(yAxis)) {
    parts.push(line([x(10 ** xAxis[0]), y(at)], [x(10 ** xAxis[1]), y(at)], '#ddd'))
    parts.push(`<text x="${SIZE.left - 8}" y="${y(at) + 4}" text-anchor="end">${at}</text>`)
  }
  for (const { name, colour, of } of SERIES) {
    const points = rows.flatMap((row) => {
      const value = of(row)
      return value === null ? [] : [[x(row.templates), y(value)] as const]
    })
    const last = points.at(-1)
    if (last === undefined) continue
    const path = points.map((point) => point.map((value) => value.toFixed(1)).join(',')).join(' ')
    parts.push(`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`)
    for (const [px, py] of points)
      parts.push(`<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="3" fill="${colour}"/>`)
    parts.push(`<text x="${(last[0] + 8).toFixed(1)}" y="${(last[1] + 4).toFixed(1)}" fill="${colour}">${name}</text>`)
  }
  const box = `viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box}>\n<rect width="100%" height="100%" fill="#fff"/>\n${parts.join('\n')}\n</svg>\n`
}

type Decades = readonly [from: number, to: number]

function decades(values: readonly number[]): Decades {
  return [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))]
}

function ticks([from, to]: Decades): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => Number((10 ** (from + i)).toPrecision(1)))
}

function scale(value: number, [from, to]: Decades, start: number, end: number): number {
  return start + ((Math.log10(value) - from) / (to - from)) * (end - start)
}

function line(from: readonly [number, number], to: readonly [number, number], colour: string): string {
  return `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}" stroke="${colour}"/>`
}
