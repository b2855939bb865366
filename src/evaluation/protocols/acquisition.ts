import { relative } from 'node:path'
import { whyNothing } from '../photos/sampler.ts'
import { countMeasure, rateMeasure } from '../report.ts'
import { rateOf } from '../statistics/rate.ts'
import type { Identity, PhotoSet, Task } from '../task.ts'

/** How many photos of people yield no template: failures to acquire. */
export function acquisition(set: PhotoSet, people: readonly Identity[]): Task {
  const photos = people.flatMap(({ files }) => files)
  return {
    wishes: photos.map((photo) => ({ photo, purpose: 'reference' })),
    run(samples) {
      const results = photos.map((photo) => ({ photo, sample: samples({ photo, purpose: 'reference' }) }))
      const failed = results.filter(({ sample }) => sample.template === null)
      const several = results.filter(({ sample }) => sample.faces > 1)
      return {
        set: set.name,
        protocol: 'acquisition',
        description: 'Each photo shows somebody; the main face is taken.',
        measures: [
          rateMeasure(
            'found',
            'Photos with a face found',
            'higher',
            rateOf(photos.length - failed.length, photos.length),
          ),
          rateMeasure('fta', 'Failure to acquire rate', 'lower', rateOf(failed.length, photos.length)),
          countMeasure('people', 'People', people.length),
          countMeasure('several-faces', 'Photos with more than one face', several.length),
        ],
        tables: [],
        misses: failed.map(({ photo, sample }) => ({
          photo: relative(set.folder, photo),
          reason: whyNothing(sample),
        })),
      }
    },
  }
}
