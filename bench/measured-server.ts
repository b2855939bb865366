/** A server in a process of its own, that tells what it has used. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ProcessReading } from './watch-process.ts'

export interface MeasuredServer {
  readonly url: string
  readonly pid: number
  /** From the start of the process until it said that it is ready, milliseconds. */
  readonly startMs: number
  /** What it has used so far; its event loop's histogram starts anew. */
  read(): Promise<ProcessReading>
  stop(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../../main.js', import.meta.url))
const WATCHER = fileURLToPath(new URL('./watch-process.js', import.meta.url))
const PASSWORD = 'only for this benchmark'

/** @param log file descriptor that its log goes to */
export async function startServer(
  dataDir: string,
  pack: string,
  workers: number,
  environment: Readonly<Record<string, string>> = {},
  log: 'ignore' | number = 'ignore',
): Promise<MeasuredServer> {
  const began = performance.now()
  const child = fork(MAIN, ['serve'], {
    execArgv: ['--import', WATCHER],
    stdio: ['ignore', log, 'pipe', 'ipc'],
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      MODEL_PACK: pack,
      HOST: '127.0.0.1',
      PORT: '0',
      WORKERS: String(workers),
      ADMIN_PASSWORD: PASSWORD,
      LOG_LEVEL: 'info',
      RATE_LIMIT: '1000000',
      ...environment,
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
    pid: child.pid ?? 0,
    startMs: performance.now() - began,
    read: () => read(child),
    stop: async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

async function read(child: ChildProcess): Promise<ProcessReading> {
  const answered = once(child, 'message')
  child.send('read')
  const [reading]: ProcessReading[] = await answered
  if (reading === undefined) throw new Error('the server did not say what it used')
  return reading
}

/** Enrols the photo, whose face is then found by queries. */
export async function enrol(url: string, photo: Uint8Array): Promise<void> {
  const login = await fetch(`${url}/auth/login`, {
    method: 'POST',
    body: new URLSearchParams({ username: 'admin', password: PASSWORD }),
  })
  const { token }: { token?: unknown } = JSON.parse(await login.text())
  const form = photoForm(photo)
  form.set('ten_nguoi', 'bench')
  const headers = { authorization: `Bearer ${String(token)}` }
  await answerTo(fetch(`${url}/add_embedding`, { method: 'POST', headers, body: form }))
}

/** Answers how many faces the server finds in the photo. */
export async function countFaces(url: string, photo: Uint8Array): Promise<number> {
  const answer = await answerTo(fetch(`${url}/detect`, { method: 'POST', body: photoForm(photo) }))
  const { faces }: { faces?: unknown } = JSON.parse(answer)
  return Array.isArray(faces) ? faces.length : 0
}

async function answerTo(request: Promise<Response>): Promise<string> {
  const answer = await request
  const text = await answer.text()
  if (!answer.ok) throw new Error(`the server refused: ${text}`)
  return text
}

function photoForm(photo: Uint8Array): FormData {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(photo)], { type: 'image/jpeg' }), 'photo.jpg')
  return form
}
