import { type Rate, rateOf } from './rate.ts'
import { at, countAbove, type ScoreSet, scoreSet } from './scores.ts'

export interface BestThreshold {
  readonly threshold: number
  readonly accuracy: Rate
}

/**
 * The threshold that decides most comparisons rightly. Between two scores that serve alike it lies in the middle, so
 * that it says something about other photos too.
 * @returns null without scores
 */
export function bestThreshold({ genuine, impostor }: ScoreSet): BestThreshold | null {
  let right = genuine.length
  let best = right
  let threshold = lowerBound(genuine, impostor)
  let g = 0
  let i = 0
  // Every threshold that matters lies between two scores: walk them all in rising order.
  while (g < genuine.length || i < impostor.length) {
    const score = Math.min(next(genuine, g), next(impostor, i))
    for (; g < genuine.length && at(genuine, g) === score; g++) right--
    for (; i < impostor.length && at(impostor, i) === score; i++) right++
    if (right > best) {
      best = right
      threshold = between(score, Math.min(next(genuine, g), next(impostor, i)))
    }
  }
  const accuracy = rateOf(best, genuine.length + impostor.length)
  return accuracy === null ? null : { threshold, accuracy }
}

function next(sorted: Float64Array, index: number): number {
  return index < sorted.length ? at(sorted, index) : Number.POSITIVE_INFINITY
}

function lowerBound(genuine: Float64Array, impostor: Float64Array): number {
  const least = Math.min(next(genuine, 0), next(impostor, 0))
  return Number.isFinite(least) ? least - 1e-6 : -1
}

function between(a: number, b: number): number {
  if (Number.isFinite(a) && Number.isFinite(b)) return (a + b) / 2
  return Number.isFinite(a) ? a : Math.max(-1, b - 1e-6)
}

export interface CrossValidated {
  readonly folds: number
  /** Mean over the folds. */
  readonly accuracy: number
  /** Standard error of the mean. */
  readonly standardError: number
}

/**
 * The accuracy on each fold with the threshold that is best on the others, as LFW's View 2 is reported (Huang et al.,
 * "Labeled Faces in the Wild", 2007).
 * @returns null with fewer than two folds that hold comparisons
 */
export function crossValidate(folds: readonly ScoreSet[]): CrossValidated | null {
  const held = folds.filter(({ genuine, impostor }) => genuine.length + impostor.length > 0)
  if (held.length < 2) return null
  const accuracies = held.map((fold, index) => {
    const others = held.toSpliced(index, 1)
    const best = bestThreshold(
      scoreSet(
        others.flatMap(({ genuine }) => [...genuine]),
        others.flatMap(({ impostor }) => [...impostor]),
      ),
    )
    const threshold = best?.threshold ?? 0
    const right = countAbove(fold.genuine, threshold) + fold.impostor.length - countAbove(fold.impostor, threshold)
    return right / (fold.genuine.length + fold.impostor.length)
  })
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length
  const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (accuracies.length - 1)
  return { folds: held.length, accuracy: mean, standardError: Math.sqrt(variance / accuracies.length) }
}
