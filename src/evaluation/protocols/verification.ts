import { relative } from 'node:path'
import { cosine } from '../../domain/template.ts'
import type { Comparison } from '../photos/pairs-file.ts'
import {
  countMeasure,
  type Measure,
  type Miss,
  rateMeasure,
  type Section,
  scoreMeasure,
  type Table,
} from '../report.ts'
import { bestThreshold, crossValidate } from '../statistics/accuracy.ts'
import { equalErrorRate, operatingPoint, thresholdForRate } from '../statistics/error-rates.ts'
import { rateOf } from '../statistics/rate.ts'
import { quantile, type ScoreSet, scoreSet } from '../statistics/scores.ts'
import type { Deciding, PhotoSet, Samples, Task } from '../task.ts'

/** False match rates at which the threshold and the false non-match rate are reported. */
const CURVE_FMR = [0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001]
/** A false match rate that suits finding one person among some hundreds. */
const RECOMMENDED_FMR = 0.001
/** People enrolled for whom the rate of named strangers is estimated, and the rate that is asked for. */
const GALLERY_SIZES = [10, 30, 100, 300, 1_000]
const RECOMMENDED_FPIR = 0.01
/** Wrong decisions that are named, worst first. */
const MISSES_MAX = 20
/** The score of a comparison that could not be made: below every cosine, so it is never a match. */
const NO_SCORE = -2

export interface VerificationOptions extends Deciding {
  /** How the pairs were chosen. */
  readonly description: string
  /** Whether about as many pairs are of one person as of two; where they are not, accuracy says little. */
  readonly balanced: boolean
  /** Called anew for each pass, since all pairs of a large set are too many to keep. */
  readonly comparisons: () => Iterable<Comparison>
}

/** Whether two photos show one person: FMR, FNMR and what follows from them (ISO/IEC 19795-1). */
export function verification(set: PhotoSet, options: VerificationOptions): Task {
  const references = new Set<string>()
  const probes = new Set<string>()
  for (const { a, b } of options.comparisons()) {
    references.add(a)
    probes.add(b)
  }
  return {
    wishes: [
      ...[...references].map((photo) => ({ photo, purpose: 'reference' as const })),
      ...[...probes].map((photo) => ({ photo, purpose: 'probe' as const })),
    ],
    run: (samples) => report(set, options, samples),
  }
}

function report(set: PhotoSet, options: VerificationOptions, samples: Samples): Section {
  const compared = compareAll(options.comparisons(), samples)
  const { made } = compared
  const failures = compared.comparisons - made.genuine.length - made.impostor.length
  // A pair without two templates would be turned away, and counts as that in accuracies; FMR and FNMR are of
  // comparisons that were made.
  const best = options.balanced ? bestThreshold(compared.all) : null
  const folds = options.balanced ? crossValidate(compared.folds) : null
  const point = operatingPoint(made, options.threshold)
  const equal = equalErrorRate(made)
  return {
    set: set.name,
    protocol: 'verification',
    description: options.description,
    measures: [
      countMeasure('genuine', 'Genuine comparisons', made.genuine.length),
      countMeasure('impostor', 'Impostor comparisons', made.impostor.length),
      rateMeasure('failures', 'Pairs without two faces', 'lower', rateOf(failures, compared.comparisons)),
      ...(best === null
        ? []
        : [
            rateMeasure('accuracy', 'Accuracy at the best threshold', 'higher', best.accuracy),
            scoreMeasure('best-threshold', 'Best threshold', best.threshold),
          ]),
      ...(folds === null
        ? []
        : [
            proportion('fold-accuracy', `Accuracy over ${folds.folds} folds, mean`, 'higher', folds.accuracy),
            proportion('fold-error', 'Accuracy over folds, standard error', 'neither', folds.standardError),
          ]),
      proportion('eer', 'Equal error rate', 'lower', equal?.value ?? null),
      scoreMeasure('eer-threshold', 'Threshold of the equal error rate', equal?.threshold ?? null),
      ...atFmr(made, 0.01, 'fnmr-1pc'),
      ...atFmr(made, 0.001, 'fnmr-0.1pc'),
      rateMeasure('fmr', `FMR at the pack's threshold ${options.threshold}`, 'lower', point.fmr),
      rateMeasure('fnmr', `FNMR at the pack's threshold ${options.threshold}`, 'lower', point.fnmr),
      ...distribution('genuine', 'Genuine scores', made.genuine),
      ...distribution('impostor', 'Impostor scores', made.impostor),
      ...calibration(made, options),
    ],
    tables: [curve(made), byGallerySize(made, options.threshold)],
    misses: wrongPairs(
      options.comparisons(),
      samples,
      best?.threshold ?? equal?.threshold ?? options.threshold,
      (photo) => relative(set.folder, photo),
    ),
  }
}

interface Compared {
  readonly comparisons: number
  readonly all: ScoreSet
  /** Without the comparisons that could not be made. */
  readonly made: ScoreSet
  readonly folds: readonly ScoreSet[]
}

function compareAll(comparisons: Iterable<Comparison>, samples: Samples): Compared {
  const folds = new Map<string, { genuine: number[]; impostor: number[] }>()
  for (const pair of comparisons) {
    const fold = folds.get(pair.fold) ?? { genuine: [], impostor: [] }
    folds.set(pair.fold, fold)
    const scores = pair.same ? fold.genuine : fold.impostor
    scores.push(score(pair, samples))
  }
  const genuine = [...folds.values()].flatMap((fold) => fold.genuine)
  const impostor = [...folds.values()].flatMap((fold) => fold.impostor)
  return {
    comparisons: genuine.length + impostor.length,
    all: scoreSet(genuine, impostor),
    made: scoreSet(genuine.filter(wasMade), impostor.filter(wasMade)),
    folds: [...folds.values()].map((fold) => scoreSet(fold.genuine, fold.impostor)),
  }
}

function score({ a, b }: Comparison, samples: Samples): number {
  const reference = samples({ photo: a, purpose: 'reference' }).template
  const probe = samples({ photo: b, purpose: 'probe' }).template
  return reference === null || probe === null ? NO_SCORE : cosine(reference, probe)
}

function wasMade(value: number): boolean {
  return value !== NO_SCORE
}

/** The pairs that a threshold decides wrongly, the furthest from it first. */
function wrongPairs(
  comparisons: Iterable<Comparison>,
  samples: Samples,
  threshold: number,
  nameOf: (photo: string) => string,
): Miss[] {
  const wrong: { pair: Comparison; value: number }[] = []
  for (const pair of comparisons) {
    const value = score(pair, samples)
    if (pair.same !== value > threshold) wrong.push({ pair, value })
  }
  return wrong
    .sort((x, y) => Math.abs(y.value - threshold) - Math.abs(x.value - threshold))
    .slice(0, MISSES_MAX)
    .map(({ pair, value }) => ({
      photo: `${nameOf(pair.a)} and ${nameOf(pair.b)}`,
      reason: `${pair.same ? 'one person' : 'two people'}, ${wasMade(value) ? value.toFixed(3) : 'no face found'}`,
    }))
}

function atFmr(scores: ScoreSet, fmrMax: number, key: string): Measure[] {
  const threshold = thresholdForRate(scores.impostor, fmrMax)
  const fnmr = threshold === null ? null : operatingPoint(scores, threshold).fnmr
  const at = `FMR ${100 * fmrMax} %`
  return [
    rateMeasure(key, `FNMR at ${at}`, 'lower', fnmr),
    scoreMeasure(`${key}-threshold`, `Threshold for ${at}`, threshold),
  ]
}

function distribution(key: string, label: string, sorted: Float64Array): Measure[] {
  const points: readonly (readonly [key: string, label: string, p: number])[] = [
    ['p1', '1st percentile', 0.01],
    ['median', 'median', 0.5],
    ['p99', '99th percentile', 0.99],
  ]
  return points.map(([name, words, p]) => scoreMeasure(`${key}-${name}`, `${label}, ${words}`, quantile(sorted, p)))
}

/** What a pack's manifest would state if these photos were the measure. */
function calibration(scores: ScoreSet, { confidenceSlope }: Deciding): Measure[] {
  const threshold = thresholdForRate(scores.impostor, RECOMMENDED_FMR)
  const median = quantile(scores.genuine, 0.5)
  const slope = threshold === null || median === null || median <= threshold ? null : confidenceSlope(threshold, median)
  return [
    scoreMeasure(
      'recommended-threshold',
      `Threshold these photos recommend (FMR ${100 * RECOMMENDED_FMR} %)`,
      threshold,
    ),
    scoreMeasure('confidence-slope', 'Slope of the confidence there', slope),
  ]
}

function curve(scores: ScoreSet): Table {
  const points = CURVE_FMR.flatMap((fmrMax) => {
    const threshold = thresholdForRate(scores.impostor, fmrMax)
    return threshold === null ? [] : [operatingPoint(scores, threshold)]
  })
  return {
    title: 'Errors by threshold',
    columns: [
      { label: 'threshold', unit: 'score' },
      { label: 'FMR', unit: 'proportion' },
      { label: 'FNMR', unit: 'proportion' },
    ],
    rows: points.map(({ threshold, fmr, fnmr }) => [threshold, fmr, fnmr]),
  }
}

/**
 * How many strangers a search among so many people would name: each of the enrolled may be mistaken for the probe, so
 * FPIR = 1 - (1 - FMR)^N where the mistakes are independent. And the threshold that would hold it down.
 */
function byGallerySize(scores: ScoreSet, threshold: number): Table {
  const fmr = operatingPoint(scores, threshold).fmr?.value ?? null
  const rows = GALLERY_SIZES.map((people) => {
    const stricter = thresholdForRate(scores.impostor, 1 - (1 - RECOMMENDED_FPIR) ** (1 / people))
    const expected = fmr === null ? null : 1 - (1 - fmr) ** people
    return [people, expected, stricter, stricter === null ? null : operatingPoint(scores, stricter).fnmr]
  })
  return {
    title: 'Strangers named, estimated from FMR for one photo a person',
    columns: [
      { label: 'people enrolled', unit: 'count' },
      { label: `FPIR at ${threshold}`, unit: 'proportion' },
      { label: `threshold for FPIR ${100 * RECOMMENDED_FPIR} %`, unit: 'score' },
      { label: 'FNMR there', unit: 'proportion' },
    ],
    rows,
  }
}

function proportion(key: string, label: string, better: Measure['better'], value: number | null): Measure {
  return { key, label, value, unit: 'proportion', better, rate: null }
}
