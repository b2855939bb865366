import { relative } from 'node:path'
import { countMeasure, rateMeasure, type Table } from '../report.ts'
import { rateOf } from '../statistics/rate.ts'
import type { Identity, PhotoSet, Task } from '../task.ts'
import { enrolOne, type Finding, search, wishesOf } from './enrol-one.ts'

const CURVE_RANKS = [1, 2, 3, 4, 5, 10, 20]

export interface ClosedSetOptions {
  /** People with fewer photos take no part. */
  readonly photosMin: number
  /** How often all is done, each time with the next photo of everybody enrolled. */
  readonly rounds: number
}

/** Everybody looked for is enrolled: how often is the right person among the first? (ISO/IEC 19795-1) */
export function closedSet(set: PhotoSet, everybody: readonly Identity[], options: ClosedSetOptions): Task {
  const people = everybody.filter(({ files }) => files.length >= options.photosMin)
  const trials = Array.from({ length: options.rounds }, (_, round) => enrolOne(people, () => true, round))
  return {
    wishes: wishesOf(trials),
    run(samples) {
      const findings = trials.flatMap(({ mated, enrolled }) => search(mated, enrolled, samples))
      const enrolled = trials.flatMap((trial) => trial.enrolled)
      const failed = enrolled.filter(({ photo }) => samples({ photo, purpose: 'reference' }).template === null)
      const within = (rank: number) =>
        rateOf(findings.filter((finding) => finding.rank <= rank).length, findings.length)
      const rounds = options.rounds === 1 ? '' : `, in ${options.rounds} rounds with the next photo enrolled`
      return {
        set: set.name,
        protocol: 'closed-set',
        description: `Of everybody with ${options.photosMin} photos or more one is enrolled and the others are looked for${rounds}. A probe without a face counts as not found.`,
        measures: [
          countMeasure('gallery', 'People enrolled', people.length),
          countMeasure('probes', 'Probes', findings.length),
          rateMeasure('fte', 'Failure to enrol rate', 'lower', rateOf(failed.length, enrolled.length)),
          rateMeasure('rank1', 'Rank-1 identification rate', 'higher', within(1)),
          rateMeasure('rank5', 'Rank-5 identification rate', 'higher', within(5)),
        ],
        tables: [cumulativeMatchCurve(people.length, within)],
        misses: findings
          .filter((finding) => finding.rank > 1)
          .map((finding) => ({ photo: relative(set.folder, finding.probe.photo), reason: explain(finding) })),
      }
    },
  }
}

function cumulativeMatchCurve(gallery: number, within: (rank: number) => ReturnType<typeof rateOf>): Table {
  return {
    title: 'Cumulative match curve',
    columns: [
      { label: 'rank', unit: 'count' },
      { label: 'identification rate', unit: 'proportion' },
    ],
    rows: CURVE_RANKS.filter((rank) => rank < gallery).map((rank) => [rank, within(rank)]),
  }
}

function explain({ nearest, ownScore, rank, failure }: Finding): string {
  if (failure !== null || nearest === null) return failure ?? 'nobody could be enrolled'
  if (ownScore === null) return 'the own reference could not be enrolled'
  return `rank ${rank} with ${ownScore.toFixed(3)}, behind ${nearest.identity.name} with ${nearest.score.toFixed(3)}`
}
