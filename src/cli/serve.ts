import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { compose, type Nhandien } from '../compose.ts'
import { descriptorLimit } from '../config/descriptors.ts'
import type { Config } from '../config/settings.ts'
import { VERSION } from '../config/version.ts'
import { DEFAULT_OPTIONS, type ServerOptions } from '../http/options.ts'
import { createServer } from '../http/server.ts'
import { readConfig } from './read-config.ts'
import { onStopSignal, shutDown } from './shut-down.ts'
import { terminalWitness } from './terminal-witness.ts'

const SECOND_MS = 1_000
/** For the data, the models, threads, snapshots, backups and whatever else is no connection. */
const DESCRIPTORS_KEPT = 256
const CONNECTIONS_MIN = 16
const PAGES = fileURLToPath(new URL('../web', import.meta.url))

export function serveCommand(): Command {
  return new Command('serve').description('start the server (this is what npm start does)').action(serve)
}

/** Composes, listens, says where; drains and closes on SIGTERM and SIGINT. */
async function serve(): Promise<void> {
  const config = readConfig()
  const nhandien = await compose(config, terminalWitness)
  try {
    const server = await createServer(nhandien.operations, serverOptions(config, nhandien))
    await server.listen({ host: config.host, port: config.port })
    onStopSignal(() =>
      shutDown(server, nhandien, {
        noticeSeconds: config.shutdownNoticeSeconds,
        finishSeconds: config.shutdownSeconds,
      }),
    )
    process.stderr.write(`${greeting(config, nhandien, portOf(server.addresses()))}\n`)
  } catch (error) {
    await nhandien.close()
    throw error
  }
}

export function serverOptions(
  config: Config,
  { extractor, telemetry }: Pick<Nhandien, 'extractor' | 'telemetry'>,
): ServerOptions {
  const { limits, timeouts } = DEFAULT_OPTIONS
  return {
    ...DEFAULT_OPTIONS,
    version: VERSION,
    limits: {
      ...limits,
      uploadBytes: config.uploadBytesMax,
      uploadFiles: config.uploadFilesMax,
      connectionsInAll: connectionsInAll(descriptorLimit(), config.databasePool),
    },
    timeouts: { ...timeouts, requestMs: config.requestSecondsMax * SECOND_MS },
    publicAccess: config.publicAccess,
    openRegistration: config.openRegistration,
    corsOrigins: config.corsOrigins,
    trustedProxies: trustedProxies(config.trustProxy),
    rateLimit: { requests: config.rateLimit, signIns: config.signInRateLimit },
    metricsToken: config.metricsToken,
    logger: { level: config.logLevel },
    language: config.language,
    // A build without them serves the interface alone.
    pages: existsSync(PAGES) ? PAGES : null,
    onAnswered: telemetry.answered,
    trace: telemetry.trace,
    admit: (bytes, caller) => extractor.admit(bytes, caller),
  }
}

/** What the limit of open files leaves once the rest of the server has its share. */
function connectionsInAll(descriptors: number, databasePool: number): number {
  return Math.max(CONNECTIONS_MIN, descriptors - DESCRIPTORS_KEPT - databasePool)
}

/** `on` believes proxies on this machine and in private networks, by proxy-addr's names. */
function trustedProxies(addresses: readonly string[]): readonly string[] {
  if (addresses[0] === 'off') return []
  return addresses[0] === 'on' ? ['loopback', 'linklocal', 'uniquelocal'] : addresses
}

/** One line: where to go and how to sign in. */
function greeting(config: Config, { firstAdministrator }: Nhandien, port: number): string {
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  const where = `nhandien is ready: http://${host}:${port}`
  switch (firstAdministrator.outcome) {
    case 'made': {
      const { username, randomPassword } = firstAdministrator
      if (randomPassword === null) return `${where} (sign in as ${username} with your ADMIN_PASSWORD)`
      return `${where} (sign in as ${username} with the password ${randomPassword}, shown only this once)`
    }
    case 'no-administrator':
      return `${where} (no account may administer: "npx nhandien account role <name> admin" makes one)`
    case 'present':
      return `${where} (sign in with your account; "npx nhandien account passwd <name>" sets a new password)`
  }
}

/** The one that was taken where PORT is 0. */
function portOf(addresses: readonly (AddressInfo | string)[]): number {
  const [first] = addresses
  return typeof first === 'object' ? first.port : 0
}
