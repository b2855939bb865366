import type { Config } from '../../config/settings.ts'
import { isRefusal } from '../../domain/errors.ts'
import type { Records } from '../../domain/records.ts'
import { bad, type Check, doubtful, type Finding, good } from './finding.ts'

/** A round trip that takes longer makes every request slow. */
const LATENCY_MS_MAX = 50
const CLOCK_SKEW_MS_MAX = 60_000
const PINGS = 5

/**
 * Whether the database serves, and whether its history is in the past.
 * @param openRecords as the server would
 */
export function databaseChecks(config: Config, openRecords: () => Promise<Records>): readonly Check[] {
  return [
    { name: 'database', run: () => checkDatabase(config, openRecords) },
    { name: 'clock', run: () => checkClock(openRecords) },
  ]
}

async function checkDatabase(config: Config, openRecords: () => Promise<Records>): Promise<Finding> {
  let records: Records
  try {
    records = await openRecords()
  } catch (error) {
    return unreachable(config, error)
  }
  try {
    const latencies: number[] = []
    for (let ping = 0; ping < PINGS; ping++) latencies.push(await records.ping())
    const best = Math.min(...latencies)
    const found = `${records.status().kind}, answers within ${best.toFixed(1)} ms`
    if (best <= LATENCY_MS_MAX) return good(found)
    return doubtful(
      found,
      'Every request asks the database at least once: run it near the server, or look at its load.',
    )
  } finally {
    await records.close()
  }
}

function unreachable({ databaseUrl }: Config, error: unknown): Finding {
  const { cause } = error instanceof Error ? error : { cause: undefined }
  const reason = isRefusal(error, 'not-ready') && cause instanceof Error ? cause.message : String(error)
  if (!/^(mysql|mariadb):/.test(databaseUrl))
    return bad(
      `the SQLite file cannot be opened: ${reason}`,
      'Look at the data directory above; a damaged file is replaced by the newest backup: "nhandien backup restore".',
    )
  const { hostname, port, pathname } = new URL(databaseUrl)
  const host = `${hostname}:${port || 3306}`
  if (/access denied/i.test(reason))
    return bad(
      `${host} refuses the account: ${reason}`,
      'Set user and password in DATABASE_URL; grant it the database.',
    )
  if (/unknown database/i.test(reason))
    return bad(
      `there is no database ${pathname.slice(1)} on ${host}`,
      `On the server: create database ${pathname.slice(1)}`,
    )
  return bad(
    `${host} cannot be reached: ${reason}`,
    'Start MySQL, check host and port in DATABASE_URL, the firewall, and bind-address of MySQL; WAIT_FOR_DATABASE waits for it at start.',
  )
}

/** Sessions and locks go by this clock; one that jumped back is found by what was written "later". */
async function checkClock(openRecords: () => Promise<Records>): Promise<Finding> {
  const now = new Date()
  const told = `${now.toISOString()} (UTC)`
  const records = await openRecords().catch(() => null)
  if (records === null) return doubtful(`${told}, not compared with the database`, 'See the database above.')
  try {
    const { rows } = await records.audit.list({}, { page: 1, pageSize: 1 })
    const newest = rows[0]?.at
    if (newest === undefined || newest.getTime() <= now.getTime() + CLOCK_SKEW_MS_MAX) return good(told)
    return bad(
      `${told}, but the newest entry of the audit log is of ${newest.toISOString()}`,
      'Set the clock by NTP (timedatectl set-ntp true): sign-ins end and locks open by it.',
    )
  } finally {
    await records.close()
  }
}
