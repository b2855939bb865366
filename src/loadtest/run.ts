import { setTimeout as sleep } from 'node:timers/promises'
import { roleAllows } from '../domain/account.ts'
import { lookAtServer, type ServerIdentity } from './client/look.ts'
import { type Session, signIn } from './client/sign-in.ts'
import { type Address, Connections, parseAddress } from './client/target.ts'
import { type Driver, drive } from './drive.ts'
import { type Measured, measure } from './measure.ts'
import type { Plan } from './plan.ts'
import { LoadTestProblem } from './problem.ts'
import { remarksOn } from './report/remarks.ts'
import { type LoadReport, REPORT_KIND, REPORT_VERSION } from './report/report.ts'
import { judge } from './report/thresholds.ts'
import { searchLimit } from './search-limit.ts'
import { findUsablePhotos, listed, type UsablePhotos } from './usable-photos.ts'
import type { Watcher } from './watcher.ts'
import { newMark, removeEnrolled } from './works/enrol.ts'
import { WORKS } from './works/works.ts'

const NO_PHOTOS: UsablePhotos = { photos: [], references: [], leftOut: new Map() }
/** Connections for what is asked beside the load: one, so that the server always holds the same for them. */
const ASIDE = 1

/**
 * Looks at the server, signs in, tries the photos, warms up, loads, removes what was enrolled, and reports.
 * @param signal ends the load early; what was measured until then is reported, and what was enrolled removed
 * @throws LoadTestProblem where there is nothing to load or nothing to load it with
 */
export async function runLoadTest(plan: Plan, watcher: Watcher, signal: AbortSignal): Promise<LoadReport> {
  const address = parseAddress(plan.url)
  if (!address.isLoopback) watcher.say(`${plan.url} is not this machine: only load what is yours.`)
  const { identity, session } = await introduce(plan, address)
  const aside = new Connections(address, ASIDE, plan.timeoutSeconds, session?.token ?? null)
  try {
    return await loadAndReport(plan, { address, aside, identity, session }, watcher, signal)
  } finally {
    await aside.close()
  }
}

/** Looks whether the server may be loaded, and signs in. */
async function introduce(plan: Plan, address: Address): Promise<Pick<Server, 'identity' | 'session'>> {
  const connections = new Connections(address, ASIDE, plan.timeoutSeconds, null)
  try {
    const identity = await lookAtServer(connections, plan.url)
    const session = plan.credentials === null ? null : await signIn(connections, plan.credentials)
    checkRole(plan, session)
    return { identity, session }
  } finally {
    await connections.close()
  }
}

interface Server {
  readonly address: Address
  /** Connections for what is asked beside the load. */
  readonly aside: Connections
  readonly identity: ServerIdentity
  readonly session: Session | null
}

async function loadAndReport(
  plan: Plan,
  { address, aside, identity, session }: Server,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<LoadReport> {
  const kind = WORKS[plan.work]
  const usable = kind.sendsPhotos ? await findUsablePhotos(aside, plan.photos) : NO_PHOTOS
  if (usable.leftOut.size > 0) watcher.say(`Photos left out: ${listed(usable.leftOut)}.`)
  if (kind.enrols && usable.references.length === 0)
    throw new LoadTestProblem('No photo has a face good enough to be enrolled: give --photos a folder of portraits.')
  const mark = newMark()
  const work = kind.make({ ...usable, credentials: plan.credentials, mark })
  const driver: Driver = { address, token: session?.token ?? null, timeoutSeconds: plan.timeoutSeconds, work, turns: 0 }
  try {
    watcher.phase('warm-up')
    const { clients, ratePerSecond } = plan
    await drive(driver, { shape: 'steady', seconds: plan.warmUpSeconds, clients, ratePerSecond }, () => {}, signal)
    const found = plan.findLimit ? await searchLimit(plan, driver, aside, watcher, signal) : null
    const measured = found?.measured ?? (await measure(plan, driver, aside, watcher, signal))
    return reportOf(plan, usable, identity, { measured, limit: found?.limit ?? null }, signal.aborted)
  } finally {
    if (kind.enrols) await cleanUp(aside, mark, watcher)
  }
}

function reportOf(
  plan: Plan,
  { photos }: UsablePhotos,
  identity: ServerIdentity,
  { measured, limit }: { readonly measured: Measured; readonly limit: LoadReport['limit'] },
  wasEndedEarly: boolean,
): LoadReport {
  const { recorded, server, tool, seconds, ratePerSecond } = measured
  const { url, scenario, work, clients, warmUpSeconds, timeoutSeconds } = plan
  const photoBytes = photos.reduce((sum, { byteLength }) => sum + byteLength, 0)
  return {
    kind: REPORT_KIND,
    version: REPORT_VERSION,
    at: new Date().toISOString(),
    setup: {
      ...{ url, scenario, work, clients, ratePerSecond, warmUpSeconds, timeoutSeconds },
      plannedSeconds: plan.seconds,
      photos: photos.length,
      photoBytesMean: photos.length === 0 ? 0 : Math.round(photoBytes / photos.length),
    },
    identity,
    seconds,
    wasEndedEarly,
    ...recorded,
    server,
    tool,
    limit,
    verdicts: judge(plan.thresholds, recorded.totals),
    remarks: remarksOn(tool, server, recorded.codes),
  }
}

function checkRole({ work, scenario }: Plan, session: Session | null): void {
  const { account } = WORKS[work]
  if (account === null) return
  if (session === null)
    throw new LoadTestProblem(`The scenario ${scenario} needs an account that is ${account}: give --username.`)
  if (!roleAllows(roleOf(session.role), account))
    throw new LoadTestProblem(`The scenario ${scenario} needs an account that is ${account}, not ${session.role}.`)
}

function roleOf(text: string) {
  return text === 'admin' || text === 'editor' ? text : 'viewer'
}

async function cleanUp(aside: Connections, mark: string, watcher: Watcher): Promise<void> {
  watcher.phase('removing what was enrolled')
  const { removed, left } = await removeEnrolled(aside, mark, async (ms) => await sleep(ms))
  if (left === 0) watcher.say(`Removed what was enrolled: ${removed} people.`)
  else
    watcher.say(
      `COULD NOT REMOVE all that was enrolled: ${removed} people removed, ${left ?? 'an unknown number'} left. They are called "${mark} ..."; find and remove them by that name.`,
    )
}
