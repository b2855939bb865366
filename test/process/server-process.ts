import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { PATIENT } from '../http/patience.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
export const PASSWORD = 'quạt-trần-xanh-7319'

/** `nhandien serve` as it is run: a process of its own. */
export interface ServerProcess {
  readonly url: string
  readonly child: ChildProcess
  /** All that it wrote. */
  output(): string
  /** Its exit code, null where a signal ended it. */
  readonly ended: Promise<number | null>
}

export async function startProcess(dataDir: string, environment: Record<string, string> = {}): Promise<ServerProcess> {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: dataDir,
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: '0',
      WORKERS: '1',
      ADMIN_PASSWORD: PASSWORD,
      ...PATIENT,
      ...environment,
      DATA_DIR: dataDir,
    },
  })
  let written = ''
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null)
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: unknown) => {
      written += String(chunk)
      const [, found] = /ready: (http:\S+)/.exec(written) ?? []
      if (found !== undefined) resolve(found.replace('localhost', '127.0.0.1'))
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${written}`)))
  })
  return { url, child, ended, output: () => written }
}
