import { relative } from 'node:path'
import type { ExpectedAnswer } from '../photos/listed-photos.ts'
import { type Sample, whyNothing } from '../photos/sampler.ts'
import { rateMeasure } from '../report.ts'
import { rateOf } from '../statistics/rate.ts'
import type { PhotoSet, Task } from '../task.ts'

/** Longest answer that does not count as hanging. */
const ANSWER_MS_MAX = 5_000

/** Whether odd, broken and forged files are answered as they should be: with faces or with a clear refusal. */
export function answers(set: PhotoSet, files: readonly ExpectedAnswer[]): Task {
  return {
    wishes: files.map(({ photo }) => ({ photo, purpose: 'detect' })),
    run(samples) {
      const results = files.map(({ photo, accepted }) => {
        const sample = samples({ photo, purpose: 'detect' })
        return { photo, accepted, sample, right: accepted.some((answer) => fits(answer, sample)) }
      })
      const prompt = results.filter(({ sample }) => sample.milliseconds <= ANSWER_MS_MAX)
      const slowest = Math.max(0, ...results.map(({ sample }) => sample.milliseconds))
      return {
        set: set.name,
        protocol: 'answers',
        description: `Each file is expected to be answered in one of the ways listed for it, within ${ANSWER_MS_MAX / 1000} s.`,
        measures: [
          rateMeasure(
            'as-expected',
            'Answered as expected',
            'higher',
            rateOf(results.filter(({ right }) => right).length, results.length),
          ),
          rateMeasure('prompt', 'Answered in time', 'higher', rateOf(prompt.length, results.length)),
          {
            key: 'slowest',
            label: 'Slowest answer',
            value: slowest,
            unit: 'milliseconds',
            better: 'lower',
            rate: null,
          },
        ],
        tables: [],
        misses: results
          .filter(({ right, sample }) => !right || sample.milliseconds > ANSWER_MS_MAX)
          .map(({ photo, accepted, sample }) => ({
            photo: relative(set.folder, photo),
            reason: `${describe(sample)} in ${sample.milliseconds.toFixed(0)} ms, not ${accepted.join(' or ')}`,
          })),
      }
    },
  }
}

function fits(answer: ExpectedAnswer['accepted'][number], { faces, refusal, fault }: Sample): boolean {
  if (fault !== null) return false
  switch (answer) {
    case 'any':
      return true
    case 'reject':
      return refusal !== null
    case 'clear-413':
      return refusal === 'image-too-large'
    case 'clear-415':
      return refusal === 'image-unsupported'
    case 'no-face':
      return refusal === null && faces === 0
    case 'one-face':
      return faces === 1
  }
}

function describe(sample: Sample): string {
  return sample.faces > 0 ? `${sample.faces} faces` : whyNothing(sample)
}
