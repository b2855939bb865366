import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createConnection } from 'mysql2/promise'

const READY_WITHIN_MS = 30_000
const POLL_MS = 20
/** Certificates that sign themselves; they protect nothing but the tests' own connections. */
export type TlsName = 'localhost' | 'elsewhere'
export function tlsFile(name: TlsName, part: 'certificate' | 'key'): string {
  return fileURLToPath(new URL(`./tls/${name}-${part}.pem`, import.meta.url))
}
/** Small files are quick to copy. */
/** Writes still reach the operating system at every commit, so that only a power cut could lose one. */
const WITHOUT_WAITING_FOR_THE_DISK = [
  '--innodb-flush-log-at-trx-commit=2',
  '--innodb-flush-method=nosync',
  '--sync-frm=OFF',
]
const SIZES = ['--innodb-log-file-size=16M', '--innodb-buffer-pool-size=128M']

/** A real MariaDB of the test's own, on a free port of this machine, that can be killed and started again. */
export class MariadbServer {
  readonly #folder: string
  readonly #port: number
  readonly #settings: readonly string[]
  #process: ChildProcess | null = null

  private constructor(folder: string, port: number, settings: readonly string[]) {
    this.#settings = settings
    this.#folder = folder
    this.#port = port
  }

  /** @param durable whether commits wait for the disk, as they do in earnest; most tests need not wait */
  static async start({ durable, tls }: { durable: boolean; tls?: TlsName }): Promise<MariadbServer> {
    const folder = await mkdtemp(join(tmpdir(), 'nhandien-mariadb-'))
    await cp(await initialisedFolder(), join(folder, 'data'), { recursive: true })
    const server = new MariadbServer(folder, await freePort(), [
      ...(durable ? [] : WITHOUT_WAITING_FOR_THE_DISK),
      ...(tls === undefined ? [] : [`--ssl-cert=${tlsFile(tls, 'certificate')}`, `--ssl-key=${tlsFile(tls, 'key')}`]),
    ])
    await server.run()
    return server
  }

  /** The URL of a database on this server. */
  url(database: string): string {
    return `mysql://root@127.0.0.1:${this.#port}/${database}`
  }

  /** A new, empty database, as the old system made its own; answers with its URL. */
  async createDatabase(name: string): Promise<string> {
    const connection = await createConnection(this.url(''))
    await connection.query('create database ?? character set utf8mb4 collate utf8mb4_unicode_ci', [name])
    await connection.end()
    return this.url(name)
  }

  async run(): Promise<void> {
    const { username } = userInfo()
    const errors = join(this.#folder, 'error.log')
    const started = spawn(
      'mariadbd',
      [
        '--no-defaults',
        `--user=${username}`,
        `--datadir=${join(this.#folder, 'data')}`,
        // A server that starts removes what others have for temporary tables in the same folder.
        `--tmpdir=${this.#folder}`,
        '--bind-address=127.0.0.1',
        `--port=${this.#port}`,
        `--socket=${join(this.#folder, 'socket')}`,
        `--pid-file=${join(this.#folder, 'pid')}`,
        `--log-error=${errors}`,
        ...SIZES,
        ...this.#settings,
      ],
      { stdio: 'ignore', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` } },
    )
    this.#process = started
    // A test that is ended by force must not leave its server behind.
    const end = () => started.kill('SIGKILL')
    process.once('exit', end)
    started.once('exit', () => process.off('exit', end))
    const failed = once(started, 'exit').then(async () => {
      throw new Error(`MariaDB ended: ${await readFile(errors, 'utf8').catch(() => 'without a log')}`)
    })
    failed.catch(() => undefined)
    await Promise.race([this.#answers(), failed])
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM')
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const running = this.#process
    this.#process = null
    if (running === null || running.exitCode !== null || running.signalCode !== null) return
    const ended = once(running, 'exit')
    running.kill(signal)
    await ended
  }

  async #answers(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS
    for (;;) {
      try {
        const connection = await createConnection(this.url(''))
        await connection.end()
        return
      } catch (error) {
        if (Date.now() > deadline) throw error
        await sleep(POLL_MS)
      }
    }
  }
}

/** A data folder as `mariadb-install-db` leaves it: made once for this user and version, then only copied. */
async function initialisedFolder(): Promise<string> {
  const { username } = userInfo()
  const version = (await outputOf('mariadbd', ['--no-defaults', '--version'])).match(/\d+(\.\d+)+/)?.[0] ?? 'unknown'
  const cache = join(tmpdir(), `nhandien-mariadb-initialised-${username}-${version}`)
  if (await exists(cache)) return cache
  const fresh = await mkdtemp(join(tmpdir(), 'nhandien-mariadb-initialising-'))
  const data = join(fresh, 'data')
  await mkdir(data)
  await outputOf('mariadb-install-db', [
    '--no-defaults',
    `--user=${username}`,
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...SIZES,
  ])
  // Several suites may get here at once; the first to finish wins.
  await rename(data, cache).catch(async (error: unknown) => {
    if (!(await exists(cache))) throw error
  })
  await rm(fresh, { recursive: true, force: true })
  return cache
}

async function outputOf(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` },
  })
  const pieces: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => pieces.push(piece))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Error(`${command} is missing: run node scripts/test-system-packages.mjs`, { cause: error })),
    )
    child.once('close', resolve)
  })
  const output = Buffer.concat(pieces).toString()
  if (code !== 0) throw new Error(`${command} failed: ${output}`)
  return output
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port was given')
  return address.port
}
