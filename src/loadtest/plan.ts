import type { Credentials } from './client/sign-in.ts'
import type { ShapeName } from './pacing/shape.ts'
import type { Threshold } from './report/thresholds.ts'
import type { WorkName } from './works/works.ts'

export const SCENARIO_NAMES = ['recognise', 'enrol', 'browse', 'mixed', 'sign-in', 'ramp', 'spike', 'soak'] as const
export type ScenarioName = (typeof SCENARIO_NAMES)[number]

/** What clients do, and how many of them when. */
export interface Scenario {
  readonly work: WorkName
  readonly shape: ShapeName
  readonly seconds: number
}

const SECONDS = 30
const SOAK_SECONDS = 30 * 60

/** What a scenario does where nothing else is asked for. */
export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  recognise: { work: 'recognise', shape: 'steady', seconds: SECONDS },
  enrol: { work: 'enrol', shape: 'steady', seconds: SECONDS },
  browse: { work: 'browse', shape: 'steady', seconds: SECONDS },
  mixed: { work: 'mixed', shape: 'steady', seconds: SECONDS },
  'sign-in': { work: 'sign-in', shape: 'steady', seconds: SECONDS },
  ramp: { work: 'recognise', shape: 'ramp', seconds: 2 * SECONDS },
  spike: { work: 'recognise', shape: 'spike', seconds: 2 * SECONDS },
  soak: { work: 'recognise', shape: 'steady', seconds: SOAK_SECONDS },
}

/** A load test as it was asked for. */
export interface Plan {
  readonly url: string
  readonly scenario: ScenarioName
  readonly work: WorkName
  readonly shape: ShapeName
  readonly clients: number
  /** Turns a second of an open loop; null for a closed one. */
  readonly ratePerSecond: number | null
  readonly seconds: number
  readonly warmUpSeconds: number
  /** An answer that takes longer counts as failed. */
  readonly timeoutSeconds: number
  readonly photos: readonly Photo[]
  readonly credentials: Credentials | null
  readonly metricsToken: string
  readonly thresholds: readonly Threshold[]
  /** Whether the highest rate is looked for that keeps the thresholds. */
  readonly findLimit: boolean
}

export interface Photo {
  readonly name: string
  readonly bytes: Uint8Array
}
