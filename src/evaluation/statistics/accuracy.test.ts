import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestThreshold, crossValidate } from './accuracy.ts'
import { scoreSet } from './scores.ts'

const scores = fc.array(
  fc.integer({ min: -20, max: 20 }).map((n) => n / 20),
  { maxLength: 40 },
)

function rightAt(genuine: readonly number[], impostor: readonly number[], threshold: number): number {
  return genuine.filter((score) => score > threshold).length + impostor.filter((score) => score <= threshold).length
}

describe('bestThreshold', () => {
  it('lies in the middle of the gap that divides', () => {
    const best = bestThreshold(scoreSet([0.7, 0.9], [0.1, 0.3]))
    expect(best?.threshold).toBeCloseTo(0.5, 12)
    expect(best?.accuracy.value).toBe(1)
  })

  it('decides as many rightly as any threshold can, and says how many', () => {
    fc.assert(
      fc.property(scores, scores, (genuine, impostor) => {
        const best = bestThreshold(scoreSet(genuine, impostor))
        if (best === null) {
          expect(genuine.length + impostor.length).toBe(0)
          return
        }
        const most = Math.max(...[-2, ...genuine, ...impostor].map((t) => rightAt(genuine, impostor, t)))
        expect(best.accuracy.hits).toBe(most)
        expect(rightAt(genuine, impostor, best.threshold)).toBe(most)
      }),
    )
  })
})

describe('crossValidate', () => {
  it('judges each fold by the threshold of the others', () => {
    // The first two folds divide at 0.5; the third is the other way round and harms their thresholds not enough.
    const good = scoreSet([0.8, 0.9, 0.85], [0.1, 0.2, 0.15])
    const bad = scoreSet([0.1], [0.9])
    const result = crossValidate([good, good, bad])
    expect(result?.folds).toBe(3)
    expect(result?.accuracy).toBeCloseTo(2 / 3, 12)
    expect(result?.standardError).toBeCloseTo(1 / 3, 12)
  })

  it('needs two folds that hold something', () => {
    const fold = scoreSet([0.9], [0.1])
    expect(crossValidate([fold])).toBeNull()
    expect(crossValidate([fold, scoreSet([], [])])).toBeNull()
  })
})
