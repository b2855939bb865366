import type { Sample, SampleWish } from './photos/sampler.ts'
import type { Section } from './report.ts'

/** Looks up what was made of a photo. */
export type Samples = (wish: SampleWish) => Sample

/** One protocol on one set: which photos it needs, and what it says once they are extracted. */
export interface Task {
  readonly wishes: readonly SampleWish[]
  run(samples: Samples): Section
}

/** What decisions are made with. */
export interface Deciding {
  /** The pack's decision threshold. */
  readonly threshold: number
  /** The slope of the pack's confidence for a threshold and the median genuine score. */
  readonly confidenceSlope: (threshold: number, genuineMedian: number) => number
}

/** A set of photographs that are shown by their path inside its folder. */
export interface PhotoSet {
  readonly name: string
  readonly folder: string
}

/** The photos of one person. */
export interface Identity {
  readonly name: string
  /** Paths. */
  readonly files: readonly string[]
}
