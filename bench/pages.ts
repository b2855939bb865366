/**
 * How soon the page for recognition shows, and whether it stays fluent while it recognises what the camera sees:
 * node dist/bench/bench/pages.js
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../test/e2e/browser.ts'
import { groupPhoto } from '../test/http/photos.ts'

const LOADS = 7
const WATCH_MS = 15_000
const FRAMES = 30
const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url))

const dataDir = await mkdtemp(join(tmpdir(), 'nhandien-bench-pages-'))
const camera = join(dataDir, 'camera.mjpeg')
// A film of MJPEG is one JPEG after the other.
await writeFile(camera, Buffer.concat(Array<Buffer>(FRAMES).fill(groupPhoto(1))))
const server = spawn(process.execPath, [MAIN, 'serve'], {
  stdio: ['ignore', 'ignore', 'pipe'],
  env: { ...process.env, DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: '0', WORKERS: '1', LOG_LEVEL: 'warn' },
})
const url = await new Promise<string>((resolve, reject) => {
  let said = ''
  server.stderr.on('data', (chunk) => {
    said += String(chunk)
    const [, found] = /ready: (http:\S+)/.exec(said) ?? []
    if (found !== undefined) resolve(found)
  })
  server.once('exit', () => reject(new Error(said)))
})
const browser = await openBrowser({ camera })
try {
  const paints: number[] = []
  for (let load = 0; load < LOADS; load++) {
    const context = await browser.newContext({ locale: 'vi-VN' })
    const page = await context.newPage()
    await page.goto(url)
    await page.locator('h1').waitFor()
    paints.push(Number(await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")))
    await context.close()
  }
  paints.sort((a, b) => a - b)
  console.log(`First contentful paint, nothing cached, ms: ${paints.map(Math.round).join(' ')}`)

  const context = await browser.newContext({ locale: 'vi-VN', permissions: ['camera'] })
  const page = await context.newPage()
  let answers = 0
  page.on('response', (response) => {
    if (response.url().endsWith('/query')) answers++
  })
  await page.goto(`${url}/#/recognise/camera`)
  await page.locator('main button').last().click()
  await page.getByRole('switch').check()
  await page.evaluate(
    "window.tasks = []; new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: 'longtask' })",
  )
  await page.waitForTimeout(WATCH_MS)
  const tasks = await page.evaluate('window.tasks')
  const long = Array.isArray(tasks) ? tasks.map(Number) : []
  console.log(
    `Recognising continuously for ${WATCH_MS / 1000} s: ${answers} answers, ${long.length} tasks over 50 ms, the longest ${Math.round(Math.max(0, ...long))} ms`,
  )
} finally {
  await browser.close()
  server.kill('SIGTERM')
  if (server.exitCode === null) await once(server, 'exit')
  await rm(dataDir, { recursive: true, force: true })
}
