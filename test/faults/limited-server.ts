import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PATIENT } from '../http/patience.ts'
import { installedData } from '../models/installed-data.ts'

export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
export const PASSWORD = 'quạt-trần-xanh-7319'

export interface ProcessWish {
  readonly environment?: Readonly<Record<string, string>>
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[]
  /** A shell command that is run before, for limits that the process inherits. */
  readonly before?: string
  /** Whom it runs as; only root may choose. */
  readonly uid?: number
}

/** `nhandien serve`, as it is started by hand. */
export interface ServerProcess {
  readonly url: string
  readonly dataDir: string
  readonly pid: number
  /** All that it printed so far. */
  printed(): string
  isRunning(): boolean
  /** Stops it as a terminal does, and removes its data. */
  close(): Promise<void>
}

/** A start that ended before the server was ready. */
export interface FailedStart {
  readonly code: number | null
  readonly printed: string
}

interface Started {
  readonly child: ChildProcess
  readonly printed: () => string
  readonly url: string
}

export async function startLimited(wish: ProcessWish = {}): Promise<ServerProcess> {
  const dataDir = await installedData('nhandien-process-')
  const started = await begin(dataDir, wish)
  if ('code' in started) throw new Error(`The server ended with ${started.code}: ${started.printed}`)
  const { child, printed, url } = started
  return {
    url,
    dataDir,
    // It has one, for it printed where it serves.
    pid: child.pid ?? 0,
    printed,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    close: async () => {
      if (child.exitCode === null) {
        const exited = once(child, 'exit')
        child.kill('SIGTERM')
        await exited
      }
      await rm(dataDir, { recursive: true })
    },
  }
}

/** @throws Error where the server was ready after all */
export async function failToStart(dataDir: string, wish: ProcessWish = {}): Promise<FailedStart> {
  const started = await begin(dataDir, wish)
  if ('code' in started) return started
  started.child.kill('SIGKILL')
  throw new Error('The server started')
}

async function begin(
  dataDir: string,
  { environment = {}, nodeOptions = [], before, ...as }: ProcessWish,
): Promise<FailedStart | Started> {
  const command = [process.execPath, ...nodeOptions, MAIN, 'serve']
  const [file = '', ...words] = before === undefined ? command : ['sh', '-c', `${before}; exec "$@"`, 'sh', ...command]
  const child = spawn(file, words, {
    ...(as.uid === undefined ? {} : { uid: as.uid, gid: as.uid }),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...{ HOST: '127.0.0.1', PORT: '0', WORKERS: '1', ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: 'warn', ...PATIENT },
      ...{ DATABASE_URL: '', MODEL_PACK: 'default', ...environment, DATA_DIR: dataDir },
    },
  })
  let text = ''
  const printed = () => text
  const url = await readyUrl(child, (chunk) => {
    text += chunk
    return text
  })
  return url === null ? { code: child.exitCode, printed: text } : { child, printed, url }
}

/** Where the process says that it serves; null where it ended instead. */
async function readyUrl(child: ChildProcess, add: (chunk: string) => string): Promise<string | null> {
  return await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        const ready = /is ready: (http:\S+)/.exec(add(chunk))?.[1]
        if (ready !== undefined) resolve(ready)
      })
    child.once('error', reject)
    child.once('close', () => resolve(null))
  })
}
