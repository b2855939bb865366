/**
 * What a query costs beside its models, how late the event loop is, how much memory is held, how quick a start is:
 * `npm run bench:server [photo]`. Prints one table. CPU time, not wall time, is compared, within one run.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp, { type Sharp } from 'sharp'
import { openNetwork } from '../src/extraction/inference/network.ts'
import { installDefaultPack } from '../src/models/default-pack/default-pack.ts'
import type { ProcessReading } from './watch-process.ts'

const WORKERS = 2
const CLIENTS = 10
const QUERIES = 400
const WARM_UP = 60
const MODEL_RUNS = 60
const PHOTO_SIDE = 640
const MIB = 2 ** 20
const MICROSECONDS_PER_MS = 1_000
const main = fileURLToPath(new URL('../../main.js', import.meta.url))
const watcher = fileURLToPath(new URL('./watch-process.js', import.meta.url))

const dataDir = await mkdtemp(join(tmpdir(), 'nhandien-bench-'))
try {
  const photo = await photoOfOneFace()
  const models = await bareModels(dataDir)
  await (await start(dataDir)).stop()
  const server = await start(dataDir)
  await enrolAndWarmUp(server.url, photo)
  const before = await read(server.child)
  await queryManyTimes(server.url, photo, QUERIES)
  const after = await read(server.child)
  await server.stop()
  const perQuery = (after.cpuMs - before.cpuMs) / QUERIES
  const bare = models.blazeface + models.facemesh + models.recogniser
  print([
    ['machine', `${cpus()[0]?.model.trim()}, ${cpus().length} CPUs, Node ${process.version}`],
    [
      'bare models, CPU-ms',
      `blazeface ${ms(models.blazeface)} + facemesh ${ms(models.facemesh)} + dlib, two chips ${ms(models.recogniser)} = ${ms(bare)}`,
    ],
    [`CPU-ms per /query, ${PHOTO_SIDE} px, one face`, ms(perQuery)],
    ['over the bare models (asked: 1.5 at most)', (perQuery / bare).toFixed(2)],
    [
      `event-loop delay with ${CLIENTS} clients, ms (asked: p99 20 at most)`,
      `p50 ${ms(after.eventLoopP50Ms)}, p99 ${ms(after.eventLoopP99Ms)}, max ${ms(after.eventLoopMaxMs)}`,
    ],
    [`RSS with ${WORKERS} workers, MiB (asked: under 450 MB)`, (after.rssBytes / MIB).toFixed(0)],
    ['start on an installed tree, s (asked: under 5)', (server.startMs / 1_000).toFixed(2)],
  ])
} finally {
  await rm(dataDir, { recursive: true })
}

/** A photo given on the command line, or one person of a sample picture, as a JPEG of 640 px. */
async function photoOfOneFace(): Promise<Buffer> {
  const [, , given] = process.argv
  if (given !== undefined) return await scaled(sharp(await readFile(given)).rotate())
  const require = createRequire(import.meta.url)
  const sample = join(require.resolve('@vladmandic/face-api'), '..', '..', 'demo', 'sample1.jpg')
  const { width = 0, height = 0 } = await sharp(sample).metadata()
  const side = Math.floor(Math.min(width / 3, height))
  return await scaled(
    sharp(sample).extract({ left: Math.floor((width - side) / 2), top: 0, width: side, height: side }),
  )
}

async function scaled(image: Sharp): Promise<Buffer> {
  return await image.resize(PHOTO_SIDE, PHOTO_SIDE, { fit: 'inside' }).jpeg({ quality: 90 }).toBuffer()
}

/** CPU-ms of one run of each network on its own, as a query of one face needs it. */
async function bareModels(folder: string) {
  const pack = await installDefaultPack(folder)
  const time = async (file: string, dims: readonly number[]) => {
    const network = await openNetwork(join(pack.folder, file))
    const data = Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => Math.random() - 0.5)
    for (let run = 0; run < MODEL_RUNS / 4; run++) await network.run([{ data, dims }])
    const began = process.cpuUsage()
    for (let run = 0; run < MODEL_RUNS; run++) await network.run([{ data, dims }])
    const { user, system } = process.cpuUsage(began)
    await network.release()
    return (user + system) / MICROSECONDS_PER_MS / MODEL_RUNS
  }
  return {
    blazeface: await time('blazeface.onnx', [1, 256, 256, 3]),
    facemesh: await time('facemesh.onnx', [1, 192, 192, 3]),
    recogniser: await time('dlib-resnet.onnx', [2, 3, 150, 150]),
  }
}

interface MeasuredServer {
  readonly url: string
  readonly child: ChildProcess
  readonly startMs: number
  stop(): Promise<void>
}

async function start(folder: string): Promise<MeasuredServer> {
  const began = performance.now()
  const child = fork(main, ['serve'], {
    execArgv: ['--import', watcher],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      ...process.env,
      DATA_DIR: folder,
      HOST: '127.0.0.1',
      PORT: '0',
      WORKERS: String(WORKERS),
      ADMIN_PASSWORD: 'only for this benchmark',
      LOG_LEVEL: 'info',
      RATE_LIMIT: '1000000',
    },
  })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said += String(chunk)
      const [, found] = /ready: (http:\S+)/.exec(said) ?? []
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(said)))
  })
  return {
    url,
    child,
    startMs: performance.now() - began,
    stop: async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

async function enrolAndWarmUp(url: string, photo: Buffer): Promise<void> {
  const login = await fetch(`${url}/auth/login`, {
    method: 'POST',
    body: new URLSearchParams({ username: 'admin', password: 'only for this benchmark' }),
  })
  const { token }: { token?: unknown } = JSON.parse(await login.text())
  const form = photoForm(photo)
  form.set('ten_nguoi', 'bench')
  const headers = { authorization: `Bearer ${String(token)}` }
  const enrolled = await fetch(`${url}/add_embedding`, { method: 'POST', headers, body: form })
  if (!enrolled.ok) throw new Error(`the photo could not be enrolled: ${await enrolled.text()}`)
  await queryManyTimes(url, photo, WARM_UP)
}

async function queryManyTimes(url: string, photo: Buffer, times: number): Promise<void> {
  let left = times
  const client = async () => {
    for (; left > 0; ) {
      left--
      const answer = await fetch(`${url}/query`, { method: 'POST', body: photoForm(photo) })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`a query failed: ${text}`)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
}

function photoForm(photo: Buffer): FormData {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(photo)], { type: 'image/jpeg' }), 'photo.jpg')
  return form
}

async function read(child: ChildProcess): Promise<ProcessReading> {
  const answered = once(child, 'message')
  child.send('read')
  const [reading]: ProcessReading[] = await answered
  if (reading === undefined) throw new Error('the server did not say what it used')
  return reading
}

function ms(value: number): string {
  return value.toFixed(1)
}

function print(rows: readonly (readonly [string, string])[]): void {
  for (const [what, value] of rows) process.stdout.write(`| ${what} | ${value} |\n`)
}
