import type { ServerIdentity } from '../client/look.ts'
import type { Limit } from '../find-limit.ts'
import type { HandleChange } from '../measuring/handles.ts'
import type { OwnCost } from '../measuring/own-cost.ts'
import type { Recorded } from '../measuring/recorder.ts'
import type { ServerSample } from '../measuring/server-watch.ts'
import type { Trend } from '../measuring/trend.ts'
import type { ScenarioName } from '../plan.ts'
import type { WorkName } from '../works/works.ts'
import type { Verdict } from './thresholds.ts'

/** Changes whenever an older reader would misread a report. */
export const REPORT_VERSION = 1
export const REPORT_KIND = 'nhandien-loadtest'

export interface Setup {
  readonly url: string
  readonly scenario: ScenarioName
  readonly work: WorkName
  readonly clients: number
  readonly ratePerSecond: number | null
  readonly plannedSeconds: number
  readonly warmUpSeconds: number
  readonly timeoutSeconds: number
  readonly photos: number
  readonly photoBytesMean: number
}

export interface ServerFigures {
  readonly samples: readonly ServerSample[]
  readonly cpuShareMean: number | null
  readonly cpuShareMax: number | null
  readonly rssBytesMax: number | null
  /** Bytes an hour. */
  readonly rssTrend: Trend | null
  /** Null where the server does not tell. */
  readonly handles: HandleChange | null
  readonly wasRestarted: boolean
}

/** What a load test found; written as JSON as it stands. */
export interface LoadReport extends Recorded {
  readonly kind: typeof REPORT_KIND
  readonly version: typeof REPORT_VERSION
  readonly at: string
  readonly setup: Setup
  readonly identity: ServerIdentity
  /** That were measured. */
  readonly seconds: number
  readonly wasEndedEarly: boolean
  readonly server: ServerFigures
  readonly tool: OwnCost
  /** Where the highest rate was looked for; the other figures are of the trial at that rate. */
  readonly limit: Limit | null
  readonly verdicts: readonly Verdict[]
  /** What a reader should know before believing the figures. */
  readonly remarks: readonly string[]
}

/** Whether everything that was asked for was reached. */
export function isPassed({ verdicts, limit }: LoadReport): boolean {
  return verdicts.every(({ isKept }) => isKept) && (limit === null || limit.ratePerSecond !== null)
}
