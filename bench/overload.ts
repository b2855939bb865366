/**
 * What happens when four times as much is asked as can be done: `npm run bench:overload [seconds]`. One address floods;
 * another sends one photo after the other meanwhile. Load and server share the machine, so rates are below those of
 * `bench:server`; what is compared are times and shares of the same run.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { createRequire } from 'node:module'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { enrol, startServer } from './measured-server.ts'

const SECONDS = Number(process.argv[2] ?? 60)
const CALIBRATION_SECONDS = 8
const RECOVERY_SECONDS = 10
const FACTOR = 4
const WORKERS = 2
const CLIENTS = 6
const QUEUE_SECONDS = 2
const PROMPT_MS = 50
const FULL_SPEED = 0.9
const SECOND_MS = 1_000
const MIB = 2 ** 20
const BOUNDARY = 'overload'
const FLOOD = '203.0.113.1'
const POLITE = '203.0.113.2'

interface Outcome {
  /** 0 where the connection failed. */
  readonly status: number
  readonly ms: number
  readonly atMs: number
}

const agent = new Agent({ keepAlive: true })
const body = await uploadOf(await photoOfOneFace())
const dataDir = await mkdtemp(join(tmpdir(), 'nhandien-overload-'))
Object.assign(process.env, { QUEUE_SECONDS_MAX: String(QUEUE_SECONDS), TRUST_PROXY: 'loopback' })
const server = await startServer(dataDir, 'default', WORKERS)
try {
  await enrol(server.url, await photoOfOneFace())
  await closedLoop(FLOOD, CLIENTS, 3)
  const before = await closedLoop(FLOOD, CLIENTS, CALIBRATION_SECONDS)
  const sustainable = before.length / CALIBRATION_SECONDS
  const memory: number[] = []
  const [flood, polite] = await Promise.all([
    openLoop(FACTOR * sustainable, SECONDS),
    closedLoop(POLITE, 1, SECONDS),
    watchMemory(memory, SECONDS),
  ])
  const endMs = performance.now()
  const after = await closedLoop(FLOOD, CLIENTS, RECOVERY_SECONDS)
  report(sustainable, flood, polite, memory, after, endMs)
} finally {
  agent.destroy()
  await server.stop()
  await rm(dataDir, { recursive: true })
}

function report(
  sustainable: number,
  flood: readonly Outcome[],
  polite: readonly Outcome[],
  memory: readonly number[],
  after: readonly Outcome[],
  endMs: number,
): void {
  const accepted = flood.filter(({ status }) => status === 200)
  const refused = flood.filter(({ status }) => status === 503)
  const others = flood.length - accepted.length - refused.length
  const early = memory.slice(0, Math.ceil(memory.length / 4))
  const late = memory.slice(-early.length)
  const rows: readonly (readonly [string, string])[] = [
    ['machine', `${cpus()[0]?.model.trim()}, ${cpus().length} CPUs, Node ${process.version}`],
    ['sustainable, requests/s', sustainable.toFixed(1)],
    [`asked for ${SECONDS} s, requests/s`, (flood.length / SECONDS).toFixed(1)],
    ['accepted, requests/s', (accepted.length / SECONDS).toFixed(1)],
    ['refused with 503, share', (refused.length / flood.length).toFixed(3)],
    ['neither', String(others)],
    [`accepted, ms p50, p99 (asked: p99 ${2 * QUEUE_SECONDS * SECOND_MS} at most)`, times(accepted)],
    ['refused, ms p50, p99 (asked: under 50)', times(refused)],
    ['refused later than in 50 ms, share', lateShare(refused)],
    ['the other address: answered, share', share(polite, 200)],
    ['the other address, ms p50, p99', times(polite)],
    ['RSS, MiB, first and last quarter', `${mean(early).toFixed(0)}, ${mean(late).toFixed(0)}`],
    ['full speed again after, s (asked: 2 at most)', recovery(after, sustainable, endMs)],
  ]
  for (const [what, value] of rows) process.stdout.write(`| ${what} | ${value} |\n`)
}

/** So many clients, each of whom sends the next request when the last was answered. */
async function closedLoop(address: string, clients: number, seconds: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  const endMs = performance.now() + seconds * SECOND_MS
  const client = async () => {
    while (performance.now() < endMs) outcomes.push(await send(address))
  }
  await Promise.all(Array.from({ length: clients }, client))
  return outcomes
}

/** Requests at a steady rate, whether or not those before were answered. */
async function openLoop(perSecond: number, seconds: number): Promise<readonly Outcome[]> {
  const sent: Promise<Outcome>[] = []
  const startMs = performance.now()
  for (let elapsedMs = 0; elapsedMs < seconds * SECOND_MS; elapsedMs = performance.now() - startMs) {
    while (sent.length < (elapsedMs / SECOND_MS) * perSecond) sent.push(send(FLOOD))
    await sleep(1)
  }
  return await Promise.all(sent)
}

function send(address: string): Promise<Outcome> {
  const atMs = performance.now()
  const headers = {
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'content-length': body.length,
    'x-forwarded-for': address,
  }
  return new Promise((resolve) => {
    const done = (status: number) => resolve({ status, ms: performance.now() - atMs, atMs })
    const sending = request(`${server.url}/query`, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.once('end', () => done(response.statusCode ?? 0))
    })
    sending.once('error', () => done(0))
    sending.end(body)
  })
}

async function watchMemory(bytes: number[], seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    bytes.push((await server.read()).rssBytes)
    await sleep(SECOND_MS)
  }
}

/** Seconds until the first second in which as much was answered as before. */
function recovery(after: readonly Outcome[], sustainable: number, endMs: number): string {
  for (let second = 0; second < RECOVERY_SECONDS; second += 0.25) {
    const [from, to] = [endMs + second * SECOND_MS, endMs + (second + 1) * SECOND_MS]
    const answered = after.filter(({ status, atMs, ms }) => status === 200 && atMs + ms >= from && atMs + ms < to)
    if (answered.length >= FULL_SPEED * sustainable) return second.toFixed(2)
  }
  return `not within ${RECOVERY_SECONDS}`
}

function times(outcomes: readonly Outcome[]): string {
  const sorted = outcomes.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
  return `${at(0.5).toFixed(0)}, ${at(0.99).toFixed(0)}`
}

function share(outcomes: readonly Outcome[], wanted: number): string {
  return (outcomes.filter(({ status }) => status === wanted).length / outcomes.length).toFixed(3)
}

function lateShare(outcomes: readonly Outcome[]): string {
  return (outcomes.filter(({ ms }) => ms > PROMPT_MS).length / outcomes.length).toFixed(3)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length) / MIB
}

async function uploadOf(photo: Buffer): Promise<Buffer> {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n`
  return Buffer.concat([Buffer.from(head), photo, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
}

/** The person in the middle of a sample picture. */
async function photoOfOneFace(): Promise<Buffer> {
  const library = createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')
  const sample = join(library, '..', 'demo', 'sample1.jpg')
  const { width = 0, height = 0 } = await sharp(sample).metadata()
  const side = Math.floor(Math.min(width / 3, height))
  const middle = { left: Math.floor((width - side) / 2), top: 0, width: side, height: side }
  return await sharp(sample).extract(middle).resize(640, 640, { fit: 'inside' }).jpeg({ quality: 90 }).toBuffer()
}
