import { relative } from 'node:path'
import { type CountedPhoto, howManyFaces } from '../photos/listed-photos.ts'
import { countMeasure, rateMeasure } from '../report.ts'
import { rateOf } from '../statistics/rate.ts'
import type { PhotoSet, Task } from '../task.ts'

/** Whether as many faces are found as there are. */
export function faceCounts(set: PhotoSet, photos: readonly CountedPhoto[]): Task {
  return {
    wishes: photos.map(({ photo }) => ({ photo, purpose: 'detect' })),
    run(samples) {
      const results = photos.map((listed) => {
        const { faces, refusal, fault } = samples({ photo: listed.photo, purpose: 'detect' })
        const right = fault === null && faces >= listed.facesMin && faces <= listed.facesMax
        return { ...listed, faces, right, trouble: fault ?? refusal }
      })
      const plain = results.filter(({ tricky }) => tricky === null)
      const tricky = results.filter((result) => result.tricky !== null)
      return {
        set: set.name,
        protocol: 'detection',
        description: 'Faces found against faces there are; drawn, carved and animal faces stand apart.',
        measures: [
          rateMeasure('right', 'Photos with the right number of faces', 'higher', share(plain)),
          ...(tricky.length === 0
            ? []
            : [rateMeasure('tricky-right', 'Of those marked tricky', 'higher', share(tricky))]),
          countMeasure(
            'faces',
            'Faces found',
            results.reduce((sum, { faces }) => sum + faces, 0),
          ),
        ],
        tables: [],
        misses: results
          .filter(({ right }) => !right)
          .map((result) => ({
            photo: relative(set.folder, result.photo),
            reason: [
              `${result.faces} found, ${howManyFaces(result)} there`,
              ...[result.tricky, result.trouble].filter((text) => text !== null),
            ].join(', '),
          })),
      }
    },
  }
}

function share(results: readonly { readonly right: boolean }[]) {
  return rateOf(results.filter(({ right }) => right).length, results.length)
}
