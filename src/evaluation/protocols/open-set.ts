import { relative } from 'node:path'
import { countMeasure, type Miss, rateMeasure, scoreMeasure, type Table } from '../report.ts'
import { thresholdForRate } from '../statistics/error-rates.ts'
import { type Rate, rateOf } from '../statistics/rate.ts'
import type { Deciding, Identity, PhotoSet, Task } from '../task.ts'
import { enrolOne, type Finding, search, wishesOf } from './enrol-one.ts'

/** False positive identification rates at which the threshold and the false negative rate are reported. */
const CURVE_FPIR = [0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.003, 0.001]
const RECOMMENDED_FPIR = 0.01
/** Where the curve is also read, as distances from the pack's threshold. */
const NEARBY = [-0.02, -0.01, -0.005, 0, 0.005, 0.01, 0.02]

export interface OpenSetOptions extends Pick<Deciding, 'threshold'> {
  /** How often all is done, each time with the other half of the people and the next photo enrolled. */
  readonly rounds: number
}

/**
 * Half of the people are enrolled, all are looked for: how many strangers are given a name (FPIR), how many of the
 * enrolled are not given theirs (FNIR)? (ISO/IEC 19795-1)
 */
export function openSet(set: PhotoSet, people: readonly Identity[], { threshold, rounds }: OpenSetOptions): Task {
  const trials = Array.from({ length: rounds }, (_, round) =>
    enrolOne(people, (index) => index % 2 === round % 2, Math.floor(round / 2)),
  )
  return {
    wishes: wishesOf(trials),
    run(samples) {
      const mated = trials.flatMap((trial) => search(trial.mated, trial.enrolled, samples))
      const strangers = trials.flatMap((trial) => search(trial.nonMated, trial.enrolled, samples))
      const named = Float64Array.from(strangers, ({ nearest }) => nearest?.score ?? -1).sort()
      const recommended = thresholdForRate(named, RECOMMENDED_FPIR)
      const { fpir, fnir } = errors(mated, strangers, threshold)
      const misnamed = mated.filter(({ nearest, rank }) => rank > 1 && (nearest?.score ?? -1) > threshold)
      const gallery = Math.max(0, ...trials.map((trial) => trial.enrolled.length))
      return {
        set: set.name,
        protocol: 'open-set',
        description: `Of every second person one photo is enrolled, and all other photos are looked for${rounds === 1 ? '' : `, in ${rounds} rounds with the halves changed and the next photo enrolled`}. A probe without a face counts as not found.`,
        measures: [
          countMeasure('gallery', 'People enrolled', gallery),
          countMeasure('mated', 'Probes of enrolled people', mated.length),
          countMeasure('non-mated', 'Probes of others', strangers.length),
          rateMeasure('fpir', `FPIR at the pack's threshold ${threshold}`, 'lower', fpir),
          rateMeasure('fnir', `FNIR at the pack's threshold ${threshold}`, 'lower', fnir),
          rateMeasure('identified', '1 - FNIR', 'higher', complement(fnir)),
          rateMeasure('misnamed', 'Enrolled people given a wrong name', 'lower', rateOf(misnamed.length, mated.length)),
          scoreMeasure('threshold-fpir-1pc', `Threshold for FPIR ${100 * RECOMMENDED_FPIR} %`, recommended),
          rateMeasure(
            'fnir-fpir-1pc',
            `FNIR at FPIR ${100 * RECOMMENDED_FPIR} %`,
            'lower',
            recommended === null ? null : errors(mated, strangers, recommended).fnir,
          ),
        ],
        tables: [curve(mated, strangers, named, threshold)],
        misses: misses(set, mated, strangers, threshold),
      }
    },
  }
}

interface IdentificationErrors {
  readonly fpir: Rate | null
  readonly fnir: Rate | null
}

function errors(mated: readonly Finding[], strangers: readonly Finding[], threshold: number): IdentificationErrors {
  const named = strangers.filter(({ nearest }) => (nearest?.score ?? -1) > threshold).length
  return {
    fpir: rateOf(named, strangers.length),
    fnir: rateOf(mated.filter((finding) => !isIdentified(finding, threshold)).length, mated.length),
  }
}

function isIdentified({ rank, ownScore }: Finding, threshold: number): boolean {
  return rank === 1 && ownScore !== null && ownScore > threshold
}

function complement(rate: Rate | null): Rate | null {
  return rate === null ? null : rateOf(rate.trials - rate.hits, rate.trials)
}

function curve(
  mated: readonly Finding[],
  strangers: readonly Finding[],
  named: Float64Array,
  packThreshold: number,
): Table {
  const thresholds = [
    ...NEARBY.map((distance) => packThreshold + distance),
    ...CURVE_FPIR.flatMap((fpirMax) => thresholdForRate(named, fpirMax) ?? []),
  ]
    .map((threshold) => Number(threshold.toFixed(4)))
    .sort((a, b) => a - b)
  return {
    title: 'Errors by threshold',
    columns: [
      { label: 'threshold', unit: 'score' },
      { label: 'FPIR', unit: 'proportion' },
      { label: 'FNIR', unit: 'proportion' },
    ],
    rows: [...new Set(thresholds)].map((threshold) => {
      const { fpir, fnir } = errors(mated, strangers, threshold)
      return [threshold, fpir, fnir]
    }),
  }
}

function misses(
  { folder }: PhotoSet,
  mated: readonly Finding[],
  strangers: readonly Finding[],
  threshold: number,
): Miss[] {
  const photo = ({ probe }: Finding) => relative(folder, probe.photo)
  const nearest = (finding: Finding) =>
    finding.nearest === null ? '' : `${finding.nearest.identity.name} with ${finding.nearest.score.toFixed(3)}`
  return [
    ...strangers
      .filter((finding) => (finding.nearest?.score ?? -1) > threshold)
      .map((finding) => ({ photo: photo(finding), reason: `not enrolled, named ${nearest(finding)}` })),
    ...mated
      .filter((finding) => !isIdentified(finding, threshold))
      .map((finding) => ({
        photo: photo(finding),
        reason:
          finding.failure ??
          (finding.rank === 1
            ? `not named: ${finding.ownScore?.toFixed(3)}`
            : `enrolled, nearest is ${nearest(finding)}, own ${finding.ownScore?.toFixed(3) ?? 'not enrolled'}`),
      })),
  ]
}
