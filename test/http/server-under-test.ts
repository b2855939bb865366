import { rm } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { type ComposeOptions, compose, type Nhandien } from '../../src/compose.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Role } from '../../src/domain/account.ts'
import { DEFAULT_OPTIONS, type ServerOptions } from '../../src/http/options.ts'
import { createServer } from '../../src/http/server.ts'
import { installedData } from '../models/installed-data.ts'
import { PATIENT } from './patience.ts'

const WORKER_URL = new URL('../../dist/extraction/pool/worker.js', import.meta.url)
/** Long enough for any rule of passwords, and no word of any list. */
export const PASSWORD = 'quạt-trần-xanh-7319'
export const CONSOLE = { username: '(test)', address: null, requestId: null }

/** The real server over the real parts: database, models, gallery, worker threads. */
export interface ServerUnderTest extends Front {
  readonly nhandien: Nhandien
  readonly dataDir: string
  /** A fresh token of an account with the role. */
  tokenOf(role: Role): Promise<string>
  close(): Promise<void>
}

/** An HTTP server alone. */
export interface Front {
  readonly app: FastifyInstance
  readonly url: string
  /** Every line that the server logged. */
  readonly log: string[]
}

/** A server over parts that run already; whoever opens it closes its `app`. */
export async function openFront({ operations, telemetry }: Nhandien, options: Partial<ServerOptions>): Promise<Front> {
  const log: string[] = []
  const app = await createServer(operations, {
    ...DEFAULT_OPTIONS,
    version: '0.0.0-test',
    rateLimit: { requests: 1_000_000, signIns: 1_000_000 },
    admit: () => {},
    onAnswered: telemetry.answered,
    trace: telemetry.trace,
    logger: { level: 'trace', stream: { write: (line) => log.push(line) } },
    ...options,
  })
  return { app, log, url: await app.listen({ host: '127.0.0.1', port: 0 }) }
}

export interface Wish {
  readonly environment?: Readonly<Record<string, string>>
  readonly options?: Partial<ServerOptions>
  readonly openExtractor?: ComposeOptions['openExtractor']
}

export async function startServer({
  environment = {},
  options = {},
  openExtractor,
}: Wish = {}): Promise<ServerUnderTest> {
  const dataDir = await installedData('nhandien-http-')
  const defaults = { WORKERS: '1', ADMIN_PASSWORD: PASSWORD, ...PATIENT }
  const { config } = loadConfig({ ...defaults, ...environment, DATA_DIR: dataDir }, dataDir)
  const nhandien = await compose(
    config,
    { step: () => {}, notice: () => {} },
    {
      workerUrl: WORKER_URL,
      ...(openExtractor === undefined ? {} : { openExtractor }),
    },
  )
  const front = await openFront(nhandien, options)
  const { accounts, door } = nhandien.operations
  return {
    ...front,
    nhandien,
    dataDir,
    tokenOf: async (role) => {
      const username = `the-${role}`
      const known = (await accounts.list()).some((account) => account.username === username)
      if (!known) await accounts.create({ username, password: PASSWORD, role }, CONSOLE)
      return (await door.signIn(username, PASSWORD, CONSOLE)).token
    },
    close: async () => {
      await front.app.close()
      await nhandien.close()
      await rm(dataDir, { recursive: true })
    },
  }
}
