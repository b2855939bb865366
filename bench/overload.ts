/**
 * What happens when four times as much is asked as can be done: `npm run bench:overload [seconds]`. One address floods;
 * another sends one photo after the other meanwhile. Load and server share the machine, so rates are below those of
 * `bench:server`; what is compared are times and shares of the same run.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { enrol, startServer } from './measured-server.ts'
import type { Load, LoadOrder, LoadResult } from './overload/load.ts'
import { report, type SecondOfServer } from './overload/report.ts'
import { stolenMs } from './stolen-time.ts'

const SECONDS = Number(process.argv[2] ?? 60)
const WARM_UP_SECONDS = 3
const CALIBRATION_SECONDS = 8
const RECOVERY_SECONDS = 10
const FACTOR = 4
const WORKERS = 2
const CLIENTS = 6
const QUEUE_SECONDS = 2
const SECOND_MS = 1_000
const FLOOD = '203.0.113.1'
const POLITE = '203.0.113.2'

const folder = await mkdtemp(join(tmpdir(), 'nhandien-overload-'))
const photo = join(folder, 'photo.jpg')
await writeFile(photo, await photoOfOneFace())
const log = await open(join(folder, 'log'), 'w')
const environment = { QUEUE_SECONDS_MAX: String(QUEUE_SECONDS), TRUST_PROXY: 'loopback' }
const server = await startServer(join(folder, 'data'), 'default', WORKERS, environment, log.fd)
const generator = fork(fileURLToPath(new URL('./overload/generator.js', import.meta.url)))
try {
  await enrol(server.url, await readFile(photo))
  const crowd: Load = { address: FLOOD, clients: CLIENTS }
  await make([crowd], WARM_UP_SECONDS)
  const calibration = await make([crowd], CALIBRATION_SECONDS)
  const perSecond = (calibration.outcomes[0] ?? []).length / CALIBRATION_SECONDS
  await server.read()
  const loads: readonly Load[] = [
    { address: FLOOD, perSecond: FACTOR * perSecond },
    { address: POLITE, clients: 1 },
  ]
  const [during, readings] = await Promise.all([make(loads, SECONDS), watch(SECONDS)])
  const after = await make([crowd], RECOVERY_SECONDS)
  const ownMs = await ownTimes(join(folder, 'log'))
  report({ seconds: SECONDS, queueSeconds: QUEUE_SECONDS, perSecond, during, readings, after, ownMs })
} finally {
  generator.disconnect()
  await server.stop()
  await log.close()
  await rm(folder, { recursive: true })
}

async function make(loads: readonly Load[], seconds: number): Promise<LoadResult> {
  const done = once(generator, 'message')
  const order: LoadOrder = { url: server.url, photo, loads, seconds }
  generator.send(order)
  const [result]: LoadResult[] = await done
  if (result === undefined) throw new Error('the generator said nothing')
  return result
}

async function watch(seconds: number): Promise<readonly SecondOfServer[]> {
  const readings: SecondOfServer[] = []
  for (let second = 0; second < seconds; second++) {
    const stolenBefore = stolenMs()
    await sleep(SECOND_MS)
    readings.push({ ...(await server.read()), stolenMs: stolenMs() - stolenBefore })
  }
  return readings
}

/** How long the server says that each request took, by request id: from its head's arrival to its answer's end. */
async function ownTimes(path: string): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>()
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    if (line === '') continue
    const { request_id, ms }: { request_id?: unknown; ms?: unknown } = JSON.parse(line)
    if (typeof request_id === 'string' && typeof ms === 'number') times.set(request_id, ms)
  }
  return times
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
