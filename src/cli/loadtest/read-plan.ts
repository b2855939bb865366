import type { Config } from '../../config/settings.ts'
import type { Credentials } from '../../loadtest/client/sign-in.ts'
import { type Plan, SCENARIOS, type ScenarioName } from '../../loadtest/plan.ts'
import { LoadTestProblem } from '../../loadtest/problem.ts'
import type { Threshold } from '../../loadtest/report/thresholds.ts'
import { WORKS, type WorkName } from '../../loadtest/works/works.ts'
import { printable } from '../printable.ts'
import { readPassword } from '../read-secret.ts'
import { readPhotos } from './read-photos.ts'

/** Of `nhandien loadtest`, parsed. */
export interface LoadTestOptions {
  readonly scenario: ScenarioName
  readonly work?: WorkName
  readonly clients: number
  readonly rate?: number
  readonly duration?: number
  readonly warmUp?: number
  readonly timeout: number
  readonly photos?: string
  readonly username?: string
  readonly findLimit: boolean
  readonly p99Max?: number
  readonly errorsMax?: number
  readonly refusalsMax?: number
  readonly throughputMin?: number
  readonly report?: string
  readonly json?: string
}

const WARM_UP_SECONDS_MIN = 2
/** A part of the load, but no longer than this. */
const WARM_UP = { part: 1 / 6, secondsMax: 60 }
/** A server's memory grows for its first minutes, until its heaps have the size that the work takes. */
const SOAK_WARM_UP = { part: 1 / 3, secondsMax: 600 }
/** Of one trial of a search. */
const TRIAL_SECONDS = 15
/** What is kept where a limit is looked for and nothing else was asked for. */
const P99_MS_MAX = 1_000
const FAILED_SHARE_MAX = 0.01

export async function readPlan(url: string, options: LoadTestOptions, config: Config): Promise<Plan> {
  const { scenario, clients, timeout, findLimit } = options
  const { shape, ...usual } = SCENARIOS[scenario]
  const work = options.work ?? usual.work
  if (work !== usual.work && shape === 'steady' && scenario !== 'soak')
    throw new LoadTestProblem(`--work is for ramp, spike and soak; for ${work} alone, give --scenario ${work}.`)
  if (findLimit && (shape !== 'steady' || scenario === 'soak'))
    throw new LoadTestProblem('--find-limit looks for a steady rate: it does not go with ramp, spike and soak.')
  if (findLimit && options.rate !== undefined)
    throw new LoadTestProblem('--find-limit looks for the rate itself: leave --rate out.')
  const seconds = options.duration ?? (findLimit ? TRIAL_SECONDS : usual.seconds)
  const { part, secondsMax } = scenario === 'soak' ? SOAK_WARM_UP : WARM_UP
  const warmUp = Math.min(secondsMax, Math.max(WARM_UP_SECONDS_MIN, Math.round(seconds * part)))
  return {
    ...{ url, scenario, work, shape, clients, seconds, findLimit },
    ratePerSecond: options.rate ?? null,
    warmUpSeconds: options.warmUp ?? warmUp,
    timeoutSeconds: timeout,
    photos: WORKS[work].sendsPhotos ? await readPhotos(options.photos, config.uploadBytesMax) : [],
    credentials: await readCredentials(options.username, work, config),
    metricsToken: config.metricsToken,
    thresholds: thresholdsOf(options),
  }
}

function thresholdsOf(options: LoadTestOptions): readonly Threshold[] {
  const { p99Max, errorsMax, refusalsMax, throughputMin, findLimit } = options
  const given: readonly (readonly [Threshold['kind'], number | undefined])[] = [
    ['p99-max', p99Max ?? (findLimit ? P99_MS_MAX : undefined)],
    ['errors-max', errorsMax ?? (findLimit ? FAILED_SHARE_MAX : undefined)],
    ['refusals-max', refusalsMax ?? (findLimit ? FAILED_SHARE_MAX : undefined)],
    ['throughput-min', throughputMin],
  ]
  return given.flatMap(([kind, limit]) => (limit === undefined ? [] : [{ kind, limit }]))
}

/** Those of the first administrator where the settings name them; else the password is asked for. */
async function readCredentials(
  given: string | undefined,
  work: WorkName,
  { adminUsername, adminPassword }: Config,
): Promise<Credentials | null> {
  const known = adminPassword !== '' && (given === undefined || given === adminUsername)
  if (given === undefined && WORKS[work].account === null) return null
  if (known) return { username: adminUsername, password: adminPassword }
  if (given === undefined)
    throw new LoadTestProblem(`This needs an account that is ${WORKS[work].account}: give --username.`)
  return { username: given, password: await readPassword(printable(given)) }
}
