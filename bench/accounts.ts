/**
 * Whether the time of a refused sign-in tells that an account exists, and what a token costs a request, on SQLite and on
 * a private MariaDB of this machine: `npx tsc -p bench` and then
 * `node dist/bench/bench/accounts.js [SQLite|MariaDB]`; both where none is named.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { hash as bcrypt } from '@node-rs/bcrypt'
import { compose } from '../src/compose.ts'
import { loadConfig } from '../src/config/load.ts'
import { argon2Passwords } from '../src/credentials/argon2-passwords.ts'
import { isRefusal } from '../src/domain/errors.ts'
import type { Records } from '../src/domain/records.ts'
import { DEFAULT_OPTIONS } from '../src/http/options.ts'
import { createServer } from '../src/http/server.ts'
import { passwordChecker } from '../src/operations/check-password.ts'
import { openRecords } from '../src/records/open-records.ts'
import { MariadbServer } from '../test/mariadb/mariadb-server.ts'
import { compareTimes, median } from './compare-times.ts'

/** Each name is tried fewer times than lock it. */
const NAMES = 40
const TRIES = 20
const WITH_PAUSE_ROUNDS = 40
const REQUESTS = 2_000
const ROUNDS = 5
const PASSWORD = 'tre xanh ven sông'
const KINDS = ['unknown', 'argon2', 'plain', 'bcrypt'] as const
type Kind = (typeof KINDS)[number]
const WORKER_URL = new URL('../../extraction/pool/worker.js', import.meta.url)

const folder = await mkdtemp(join(tmpdir(), 'nhandien-bench-accounts-'))
const mariadb = await MariadbServer.start({ durable: true })
try {
  console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} CPUs, Node ${process.version}`)
  for (const [name, url] of [
    ['SQLite', join(folder, 'bench.sqlite')],
    ['MariaDB', await mariadb.createDatabase('bench')],
  ] as const) {
    if (process.argv[2] !== undefined && process.argv[2] !== name) continue
    console.log(`\n${name}: refused sign-ins, ms`)
    await compareRefusals(url)
    console.log(`\n${name}: CPU of a request, ms`)
    await measureToken(url)
  }
} finally {
  await mariadb.stop()
  await rm(folder, { recursive: true })
}

async function compareRefusals(url: string): Promise<void> {
  const records = await openRecords({ url, dataDir: folder, clock: () => new Date() })
  const passwords = await argon2Passwords()
  await makeAccounts(records, {
    argon2: await passwords.hash(PASSWORD),
    plain: PASSWORD,
    bcrypt: await bcrypt(PASSWORD, 10),
  })
  const clock = () => new Date()
  const bare = passwordChecker({ accounts: records.accounts, passwords, clock, refusalMs: 0 })
  const served = passwordChecker({ accounts: records.accounts, passwords, clock })
  report('the work alone', await timesOf(bare, NAMES * TRIES, 0))
  report('as served', await timesOf(served, WITH_PAUSE_ROUNDS, NAMES * TRIES))
  await records.close()
}

async function makeAccounts({ accounts }: Records, stored: Omit<Record<Kind, string>, 'unknown'>): Promise<void> {
  for (const [kind, passwordHash] of Object.entries(stored))
    for (let i = 0; i < NAMES; i++)
      await accounts.create(
        { username: `${kind}${i}`, role: 'viewer', passwordHash },
        { username: 'bench', address: null, requestId: null },
      )
}

/** In turns, each time in another order, so that whatever else the machine does meets all kinds alike. */
async function timesOf(
  check: ReturnType<typeof passwordChecker>,
  rounds: number,
  firstAddress: number,
): Promise<Record<Kind, number[]>> {
  const times: Record<Kind, number[]> = { unknown: [], argon2: [], plain: [], bcrypt: [] }
  for (let round = 0; round < rounds; round++) {
    const n = firstAddress + round
    for (const kind of KINDS.toSorted(() => Math.random() - 0.5)) {
      const address = `10.${KINDS.indexOf(kind)}.${Math.floor(n / 256)}.${n % 256}`
      const startedMs = performance.now()
      await check(`${kind}${round % NAMES}`, 'not the password', { username: null, address, requestId: 'bench' }).catch(
        (error: unknown) => {
          if (!isRefusal(error, 'credentials-invalid')) throw error
        },
      )
      times[kind].push(performance.now() - startedMs)
    }
  }
  return times
}

function report(how: string, times: Record<Kind, number[]>): void {
  console.log(`  ${how}, ${times.unknown.length} of each kind; unknown: median ${median(times.unknown).toFixed(2)}`)
  for (const kind of ['argon2', 'plain', 'bcrypt'] as const) {
    const { difference, noise, superiority, p } = compareTimes(times.unknown, times[kind])
    console.log(
      `    wrong password (${kind}): median ${median(times[kind]).toFixed(2)}, difference ${difference.toFixed(3)}, ` +
        `noise (IQR of unknown) ${noise.toFixed(3)}, P(slower than unknown) ${superiority.toFixed(3)}, ` +
        `Mann-Whitney p ${p.toPrecision(2)}`,
    )
  }
}

/** The same request to the whole server with and without a token, in turns; CPU time of this process, client and all. */
async function measureToken(url: string): Promise<void> {
  const { config } = loadConfig({ DATA_DIR: folder, DATABASE_URL: url, WORKERS: '1', ADMIN_PASSWORD: PASSWORD }, folder)
  const nhandien = await compose(config, { step: () => {}, notice: () => {} }, { workerUrl: WORKER_URL })
  const { accounts, door } = nhandien.operations
  const app = await createServer(nhandien.operations, {
    ...DEFAULT_OPTIONS,
    version: 'bench',
    rateLimit: { requests: 1_000_000, signIns: 1_000_000 },
    logger: { level: 'silent' },
    admit: () => {},
    onAnswered: () => {},
    trace: () => null,
  })
  const actor = { username: null, address: '127.0.0.1', requestId: 'bench' }
  await accounts.create({ username: 'token', password: PASSWORD, role: 'viewer' }, actor)
  const { token } = await door.signIn('token', PASSWORD, actor)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const cpuOf = async (headers: Readonly<Record<string, string>>) => {
    const before = process.cpuUsage()
    for (let i = 0; i < REQUESTS; i++) {
      const answer = await fetch(`${address}/health/live`, { headers })
      await answer.arrayBuffer()
      if (answer.status !== 200) throw new Error(`answered ${answer.status}`)
    }
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1_000 / REQUESTS
  }
  const signed = { authorization: `Bearer ${token}` }
  await cpuOf(signed)
  const rounds: { without: number; with: number }[] = []
  for (let round = 0; round < ROUNDS; round++) rounds.push({ without: await cpuOf({}), with: await cpuOf(signed) })
  const without = median(rounds.map((round) => round.without))
  const overhead = median(rounds.map((round) => round.with - round.without))
  console.log(
    `  without a token ${without.toFixed(3)} (client and server), with one ${overhead.toFixed(3)} more (asked: 1 at most)`,
  )
  await app.close()
  await nhandien.close()
}
