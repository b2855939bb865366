import type { Identity } from '../task.ts'
import type { Comparison } from './pairs-file.ts'

/** More comparisons of different people than this say nothing more; a part of them is drawn. */
export const IMPOSTOR_PAIRS_MAX = 2_000_000

/**
 * Every two photos of one person, and every two of different people, or a random part of these where there are very
 * many: always the same part, so that a second run says the same.
 */
export function* allPairs(
  people: readonly Identity[],
  impostorPairsMax = IMPOSTOR_PAIRS_MAX,
): Generator<Comparison, void, undefined> {
  const photos = people.flatMap(({ files }, person) => files.map((photo) => ({ photo, person })))
  const share = impostorPairsMax / Math.max(1, countImpostorPairs(people))
  const random = seededRandom(1)
  for (const [index, a] of photos.entries()) {
    for (let other = index + 1; other < photos.length; other++) {
      const b = photos[other]
      if (b === undefined) continue
      const same = a.person === b.person
      if (same || share >= 1 || random() < share) yield { a: a.photo, b: b.photo, same, fold: '' }
    }
  }
}

export function countImpostorPairs(people: readonly Identity[]): number {
  const pairs = (n: number) => (n * (n - 1)) / 2
  const photos = people.reduce((sum, { files }) => sum + files.length, 0)
  return pairs(photos) - people.reduce((sum, { files }) => sum + pairs(files.length), 0)
}

/** Numbers from 0 to 1 out of Marsaglia's 32-bit xorshift. */
function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
