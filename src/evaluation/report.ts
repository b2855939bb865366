import type { Rate } from './statistics/rate.ts'

export const PROTOCOLS = ['acquisition', 'verification', 'closed-set', 'open-set', 'detection', 'answers'] as const
export type Protocol = (typeof PROTOCOLS)[number]

/** One number of a report. */
export interface Measure {
  /** Kebab-case, unique within a section; `--require` names it. */
  readonly key: string
  readonly label: string
  /** Null where the photos were too few to say. */
  readonly value: number | null
  readonly unit: 'proportion' | 'score' | 'count' | 'milliseconds'
  readonly better: 'higher' | 'lower' | 'neither'
  /** Where the value is a share of trials. */
  readonly rate: Rate | null
}

export interface Table {
  readonly title: string
  readonly columns: readonly { readonly label: string; readonly unit: Measure['unit'] }[]
  readonly rows: readonly (readonly (Rate | number | null)[])[]
}

/** A photo that did not come out as it should. */
export interface Miss {
  /** Path inside the set. */
  readonly photo: string
  readonly reason: string
}

/** What one protocol found on one set of photographs. */
export interface Section {
  /** Name of the set. */
  readonly set: string
  readonly protocol: Protocol
  /** What was done, in one or two sentences. */
  readonly description: string
  readonly measures: readonly Measure[]
  readonly tables: readonly Table[]
  readonly misses: readonly Miss[]
}

export function rateMeasure(key: string, label: string, better: 'higher' | 'lower', rate: Rate | null): Measure {
  return { key, label, value: rate?.value ?? null, unit: 'proportion', better, rate }
}

export function scoreMeasure(key: string, label: string, value: number | null): Measure {
  return { key, label, value, unit: 'score', better: 'neither', rate: null }
}

export function countMeasure(key: string, label: string, value: number): Measure {
  return { key, label, value, unit: 'count', better: 'neither', rate: null }
}
