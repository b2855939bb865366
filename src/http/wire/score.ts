import Type from 'typebox'
import { confidence, type PackIdentity } from '../../domain/pack.ts'

/** What a decision needs; more would help whoever climbs towards a stranger's template by repeated queries. */
const ANONYMOUS_DECIMALS = 4
export const SIGNED_IN_DECIMALS = 6

export const Score = Type.Number({
  description: 'Raw cosine of the two templates.',
  minimum: -1,
  maximum: 1,
  examples: [0.9561],
})
export const Confidence = Type.Number({
  description: 'The score on a scale from 0 to 1 on which the threshold is 0.5.',
  minimum: 0,
  maximum: 1,
  examples: [0.9312],
})

/** Says scores as precisely as their reader may know them. */
export type Scorer = (score: number) => { score: number; confidence: number }

export function scorer(pack: PackIdentity, threshold: number, signedIn: boolean): Scorer {
  const decimals = signedIn ? SIGNED_IN_DECIMALS : ANONYMOUS_DECIMALS
  return (score) => {
    // Float error may carry a cosine past 1; the contract says that it does not.
    const cosine = Math.min(1, Math.max(-1, score))
    return {
      score: round(cosine, decimals),
      confidence: round(confidence(cosine, threshold, pack.confidenceSlope), ANONYMOUS_DECIMALS),
    }
  }
}

export function round(value: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.round(value * scale) / scale
}
