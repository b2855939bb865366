import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { randomUnit, seededRandom } from '../gallery/vectors.ts'

const NODE = fileURLToPath(new URL('./node.mjs', import.meta.url))
/** For the threads of a node; its main thread imports it. */
const KILL_AT_STEP = new URL('./kill-at-step.mjs', import.meta.url).href
const USERNAME = 'admin'
const PASSWORD = 'quạt-trần-xanh-7319'
export const DIMENSION = 128
const GALLERY_LOADED = 'the gallery is loaded'
/** Requests that a test makes are not to be held up. */
const NO_LIMIT = '1000000'

export interface NodePlace {
  /** Of this node alone. */
  readonly dataDir: string
  /** Of all nodes together. */
  readonly databaseUrl: string
}

export interface Verdict {
  readonly compared: number
  readonly differences: readonly unknown[]
}

/** A node that broke off, or that is closing: whether it did what it was asked to is not known. */
export class Unanswered extends Error {}

/** The template that a seed stands for, which is the "photo" as well. */
export function templateOf(seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(randomUnit(DIMENSION, seededRandom(seed)))
}

/** A server process (node.mjs). */
export class RunningNode {
  readonly url: string
  /** The snapshot that its gallery began from, or 'the records'. */
  readonly loadedFrom: string
  readonly #process: ChildProcess

  private constructor(child: ChildProcess, port: number, loadedFrom: string) {
    this.#process = child
    this.url = `http://127.0.0.1:${port}`
    this.loadedFrom = loadedFrom
  }

  /** Starts a process; whoever has it may kill it before it serves. */
  static async spawn({ dataDir, databaseUrl }: NodePlace): Promise<ChildProcess> {
    await mkdir(dataDir, { recursive: true })
    const child = fork(NODE, {
      cwd: dataDir,
      execArgv: ['--import', KILL_AT_STEP],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...process.env,
        ...{ DATA_DIR: dataDir, DATABASE_URL: databaseUrl, HOST: '127.0.0.1', PORT: '0', WORKERS: '1' },
        ...{ ADMIN_USERNAME: USERNAME, ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: 'silent', STORE_CROPS: 'off' },
        ...{ RATE_LIMIT: NO_LIMIT, SIGN_IN_RATE_LIMIT: NO_LIMIT },
      },
    })
    // A test that is ended by force must not leave its nodes behind.
    const end = () => child.kill('SIGKILL')
    process.once('exit', end)
    child.once('exit', () => process.off('exit', end))
    return child
  }

  static async start(place: NodePlace): Promise<RunningNode> {
    const child = await RunningNode.spawn(place)
    let errors = ''
    let loadedFrom = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString()
    })
    const port = await new Promise<number>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`a node ended at its start (${code}): ${errors}`)))
      child.on('message', (message) => {
        if (field(message, 'notice') === GALLERY_LOADED) loadedFrom = String(field(field(message, 'facts'), 'from'))
        const given = field(message, 'port')
        if (typeof given === 'number') resolve(given)
      })
    })
    return new RunningNode(child, port, loadedFrom)
  }

  /** Nothing is finished and nothing closed: as a crash. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Asks it to close, and kills it in the middle of that, where `withinMs` is short. */
  async stop(withinMs = Number.POSITIVE_INFINITY): Promise<void> {
    const kill = Number.isFinite(withinMs) ? setTimeout(() => this.#process.kill('SIGKILL'), withinMs) : null
    await this.#end('SIGTERM')
    if (kill !== null) clearTimeout(kill)
  }

  /** Has it die at a step of the writing of its next snapshot (kill-at-step.mjs). */
  killAt(step: string): void {
    this.#process.send({ killAt: step })
  }

  /** Asks it to close without waiting for it. */
  beginStop(): void {
    this.#process.kill('SIGTERM')
  }

  async ended(): Promise<void> {
    if (!this.hasEnded) await once(this.#process, 'exit')
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const ended = this.ended()
    this.#process.kill(signal)
    await ended
  }

  /** Has it compare its gallery with the records, row for row. */
  async verify(): Promise<Verdict> {
    const answer = new Promise<Verdict>((resolve, reject) => {
      const gone = () => reject(new Error('the node ended before it had compared'))
      this.#process.once('exit', gone)
      this.#process.on('message', (message) => {
        const verdict = field(message, 'verdict')
        const [compared, differences] = [field(verdict, 'compared'), field(verdict, 'differences')]
        if (typeof compared !== 'number' || !Array.isArray(differences)) return
        this.#process.off('exit', gone)
        resolve({ compared, differences })
      })
    })
    this.#process.send('verify')
    return await answer
  }

  /** Has it write its gallery to disk. @throws Unanswered */
  async writeSnapshot(token: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${this.url}/gallery/snapshot`, { method: 'POST', headers }).catch((error: unknown) => {
      throw new Unanswered('the connection broke', { cause: error })
    })
    if (answer.status === 503) throw new Unanswered(await answer.text())
    if (!answer.ok) throw new Error(`a snapshot: ${answer.status} ${await answer.text()}`)
  }

  async signIn(): Promise<string> {
    const { token } = await this.post('/auth/login', '', { username: USERNAME, password: PASSWORD }, [])
    return String(token)
  }

  /**
   * @param photos seeds of templates
   * @throws Unanswered; Error for whatever is neither done nor left undone for lack of a server
   */
  async post(
    path: string,
    token: string,
    fields: Readonly<Record<string, string>>,
    photos: readonly number[],
  ): Promise<Readonly<Record<string, unknown>>> {
    const body = new FormData()
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    for (const seed of photos) body.append('file', new Blob([templateOf(seed)]), `${seed}.template`)
    const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` }
    let answer: Response
    let text: string
    try {
      answer = await fetch(`${this.url}${path}`, { method: 'POST', body, headers })
      text = await answer.text()
    } catch (error) {
      throw new Unanswered('the connection broke', { cause: error })
    }
    if (answer.status === 503) throw new Unanswered(text)
    if (!answer.ok) throw new Error(`${path} ${JSON.stringify(fields)}: ${answer.status} ${text}`)
    return Object.fromEntries(Object.entries(Object(JSON.parse(text))))
  }

  /** The image that the template of a seed resembles most, and how much. */
  async nearest(seed: number): Promise<{ imageId: number; classId: number; score: number } | null> {
    const { results } = await this.post('/query_top5?limit=1&group_by=image', '', {}, [seed])
    const best: unknown = Array.isArray(results) ? results[0] : undefined
    if (best === undefined) return null
    return {
      imageId: Number(field(best, 'image_id')),
      classId: Number(field(best, 'class_id')),
      score: Number(field(best, 'score')),
    }
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
