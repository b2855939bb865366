import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseExposition } from './exposition.ts'
import { type ServerUnderTest, startServer } from './server-under-test.ts'

const FOLDER = fileURLToPath(new URL('../../deploy/monitoring/', import.meta.url))

let server: ServerUnderTest
let known: ReadonlySet<string>
beforeAll(async () => {
  server = await startServer()
  const metrics = parseExposition(await (await fetch(`${server.url}/metrics`)).text())
  const suffixes = ['', '_bucket', '_sum', '_count']
  known = new Set([...metrics.keys()].flatMap((name) => suffixes.map((suffix) => name + suffix)))
})
afterAll(async () => await server.close())

/** Every name in an expression that looks like a metric of the server. */
function metricsIn(text: string): readonly string[] {
  return [...new Set(text.match(/\b(?:nhandien|process|nodejs)_[a-z0-9_]+/g) ?? [])]
}

test.each(['alerts.yaml', 'grafana-dashboard.json'])('%s asks only for metrics that there are', (file) => {
  const asked = metricsIn(readFileSync(join(FOLDER, file), 'utf8'))
  expect(asked.length).toBeGreaterThan(8)
  expect(asked.filter((name) => !known.has(name))).toEqual([])
})

test('the dashboard has panels of distinct places, each with what it shows', () => {
  const { panels }: { panels: { id: number; gridPos: { x: number; y: number }; targets: { expr: string }[] }[] } =
    JSON.parse(readFileSync(join(FOLDER, 'grafana-dashboard.json'), 'utf8'))
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  expect(new Set(panels.map(({ gridPos }) => `${gridPos.x} ${gridPos.y}`)).size).toBe(panels.length)
  for (const { targets } of panels) for (const { expr } of targets) expect(metricsIn(expr).length).toBeGreaterThan(0)
})
