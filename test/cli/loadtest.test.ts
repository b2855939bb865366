import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { loadTestCommand } from '../../src/cli/loadtest.ts'
import { type Plan, SCENARIO_NAMES } from '../../src/loadtest/plan.ts'
import { readReport } from '../../src/loadtest/report/read-report.ts'
import { runLoadTest } from '../../src/loadtest/run.ts'
import { groupPhoto } from '../http/photos.ts'
import { PASSWORD, type ServerUnderTest, startServer } from '../http/server-under-test.ts'
import { commandLine } from './command-line.ts'

/** Some scenarios have several phases, and the machine may be busy. */
const SHORT = ['--duration', '1s', '--warm-up', '0s', '--clients', '2'] as const

let server: ServerUnderTest
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => await server.close())
beforeEach(() => {
  vi.stubEnv('ADMIN_PASSWORD', PASSWORD)
})

async function people(): Promise<number> {
  return (await server.nhandien.operations.browse.listPeople('', { page: 1, pageSize: 1 })).total
}

/** Fails where one is not well formed. In a process of its own: this one, like the server, reads no SVG. */
function drawEach(charts: readonly string[]): void {
  const svgs = charts.map((chart) => chart.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"'))
  const script = `const [{ default: sharp }, { readFileSync }] = await Promise.all([import('sharp'), import('node:fs')])
    for (const svg of JSON.parse(readFileSync(0, 'utf8'))) await sharp(Buffer.from(svg)).png().toBuffer()`
  const root = fileURLToPath(new URL('../..', import.meta.url))
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, input: JSON.stringify(svgs) })
}

describe('nhandien loadtest', () => {
  test.each(SCENARIO_NAMES)('%s is answered, reported, and leaves nobody behind', async (scenario) => {
    const { run, dataDir } = await commandLine()
    const [json, page] = [join(dataDir, 'report.json'), join(dataDir, 'report.html')]
    const words = [server.url, '--scenario', scenario, ...SHORT, '--json', json, '--report', page]
    const printed = await run(loadTestCommand(), ...words)
    const report = await readReport(json)
    expect(printed).toMatch(/answered +a second +p50/)
    expect(report.totals).toMatchObject({ failed: 0, refused: 0 })
    expect(report.totals.answered, printed).toBeGreaterThan(0)
    expect(report.totals.latency?.p50Ms).toBeGreaterThan(0)
    expect(report.server.samples.length).toBeGreaterThan(0)
    expect(report.server.handles?.leaked, JSON.stringify(report.server.handles)).toBe(0)
    expect(process.exitCode).toBeUndefined()
    expect(await people()).toBe(0)
    if (scenario === 'enrol') expect(printed).toMatch(/Removed what was enrolled: [1-9]\d* people/)
    const html = await readFile(page, 'utf8')
    const charts = html.match(/<svg[\s\S]*?<\/svg>/g) ?? []
    expect(charts.length).toBe(6)
    drawEach(charts)
    expect(html).not.toMatch(/<script|<link|src=|@import|url\(/)
  })

  test('thresholds decide the exit code', async () => {
    const { run } = await commandLine()
    const browse = [server.url, '--scenario', 'browse', ...SHORT]
    const kept = await run(loadTestCommand(), ...browse, '--errors-max', '0%', '--p99-max', '1m')
    expect(kept).toMatch(/kept +errors-max/)
    expect(process.exitCode).toBeUndefined()
    const missed = await run(loadTestCommand(), ...browse, '--throughput-min', '90000')
    expect(missed).toMatch(/MISSED +throughput-min +90000\/s/)
    expect(process.exitCode).toBe(1)
  })

  test('a rate is kept, and the limit is looked for', async () => {
    const { run, dataDir } = await commandLine()
    const json = join(dataDir, 'report.json')
    const browse = [server.url, '--scenario', 'browse', ...SHORT, '--json', json]
    await run(loadTestCommand(), ...browse, '--rate', '5')
    const { totals, setup } = await readReport(json)
    expect(setup.ratePerSecond).toBe(5)
    expect(totals.answered + totals.failed).toBe(5)
    const impossible = await run(loadTestCommand(), ...browse, '--find-limit', '--p99-max', '1ms')
    expect(impossible).toContain('No rate kept the thresholds')
    expect((await readReport(json)).limit?.trials.length).toBeGreaterThan(1)
    expect(process.exitCode).toBe(1)
  })

  test('two reports are compared, and a figure that became worse can fail', async () => {
    const { run, dataDir } = await commandLine()
    const [before, after, page] = ['before.json', 'after.json', 'page.html'].map((file) => join(dataDir, file)) as [
      string,
      string,
      string,
    ]
    const browse = [server.url, '--scenario', 'browse', ...SHORT, '--duration', '3s']
    await run(loadTestCommand(), ...browse, '--rate', '40', '--json', before)
    await run(loadTestCommand(), ...browse, '--rate', '4', '--json', after)
    const same = await run(loadTestCommand(), 'compare', before, before, '--worse-max', '0%', '--report', page)
    expect(same).toMatch(/answered a second .*the same/)
    expect(process.exitCode).toBeUndefined()
    expect((await readFile(page, 'utf8')).match(/<svg/g)?.length).toBe(3)
    const worse = await run(loadTestCommand(), 'compare', before, after, '--worse-max', '50%')
    expect(worse).toContain('Not alike: rate: 40, 4')
    expect(worse).toContain('WORSE than by 50 %: answered a second')
    expect(process.exitCode).toBe(1)
    await expect(run(loadTestCommand(), 'compare', before, page)).rejects.toThrow(/is not JSON/)
  })

  test('ended early, an enrolment reports and takes back what it did', async () => {
    const early = new AbortController()
    const said: string[] = []
    const plan: Plan = {
      ...{ url: server.url, scenario: 'enrol', work: 'enrol', shape: 'steady', clients: 2, ratePerSecond: null },
      ...{ seconds: 600, warmUpSeconds: 0, timeoutSeconds: 30, metricsToken: '', thresholds: [], findLimit: false },
      photos: [{ name: 'three people', bytes: groupPhoto(1) }],
      credentials: { username: 'admin', password: PASSWORD },
    }
    const watcher = {
      say: (sentence: string) => said.push(sentence),
      phase: () => {},
      live: ({ recorder }: { recorder: { slices: readonly { answered: number }[] } }) => {
        if (recorder.slices.some(({ answered }) => answered > 0)) early.abort()
      },
    }
    const report = await runLoadTest(plan, watcher, early.signal)
    expect(report.wasEndedEarly).toBe(true)
    expect(report.seconds).toBeLessThan(600)
    expect(report.totals.answered).toBeGreaterThan(0)
    expect(said.join()).toMatch(/Removed what was enrolled: [1-9]/)
    expect(await people()).toBe(0)
  })

  test('what is no nhandien is not loaded', async () => {
    const stranger = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
    await once(stranger, 'listening')
    onTestFinished(() => void stranger.close())
    const { port } = stranger.address() as AddressInfo
    const { run } = await commandLine()
    const url = `http://127.0.0.1:${port}`
    await expect(run(loadTestCommand(), url, ...SHORT)).rejects.toThrow(/does not look like nhandien/)
    await expect(run(loadTestCommand(), 'http://127.0.0.1:1', ...SHORT)).rejects.toThrow(/does not answer/)
    await expect(run(loadTestCommand(), 'ftp://here', ...SHORT)).rejects.toThrow(/is no address/)
    await expect(run(loadTestCommand(), 'http://a:b@127.0.0.1', ...SHORT)).rejects.toThrow(/must not hold a password/)
  })

  test('a wrong password and a missing account are said before any load', async () => {
    const { run } = await commandLine()
    vi.stubEnv('ADMIN_PASSWORD', 'quat-tran-do-1973')
    const enrol = [server.url, '--scenario', 'enrol', ...SHORT]
    await expect(run(loadTestCommand(), ...enrol)).rejects.toThrow(/cannot sign in \(credentials-invalid\)/)
    vi.stubEnv('ADMIN_PASSWORD', '')
    await expect(run(loadTestCommand(), ...enrol)).rejects.toThrow(/needs an account that is editor/)
  })
})
