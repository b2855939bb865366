import { cosine } from '../../domain/template.ts'
import { type Sample, type SampleWish, whyNothing } from '../photos/sampler.ts'
import type { Identity, Samples } from '../task.ts'

export interface Probe {
  readonly identity: Identity
  readonly photo: string
}

/** Some people enrolled with one photo each, and the photos that are looked for among them. */
export interface Trial {
  readonly enrolled: readonly Probe[]
  /** Other photos of the enrolled. */
  readonly mated: readonly Probe[]
  /** Photos of people who are not enrolled. */
  readonly nonMated: readonly Probe[]
}

/**
 * Enrols one photo of some and looks for all others.
 * @param round which photo of each person is enrolled, counted from 0 and beginning anew after the last
 */
export function enrolOne(people: readonly Identity[], isEnrolled: (index: number) => boolean, round: number): Trial {
  const enrolled: Probe[] = []
  const mated: Probe[] = []
  const nonMated: Probe[] = []
  for (const [index, identity] of people.entries()) {
    const reference = round % Math.max(1, identity.files.length)
    for (const [number, photo] of identity.files.entries()) {
      const list = !isEnrolled(index) ? nonMated : number === reference ? enrolled : mated
      list.push({ identity, photo })
    }
  }
  return { enrolled, mated, nonMated }
}

export function wishesOf(trials: readonly Trial[]): SampleWish[] {
  return trials.flatMap(({ enrolled, mated, nonMated }) => [
    ...enrolled.map(({ photo }) => ({ photo, purpose: 'reference' as const })),
    ...[...mated, ...nonMated].map(({ photo }) => ({ photo, purpose: 'probe' as const })),
  ])
}

/** What a search among the enrolled answers about one probe. */
export interface Finding {
  readonly probe: Probe
  /** The nearest of the enrolled; null without a face in the probe, or nobody enrolled. */
  readonly nearest: { readonly identity: Identity; readonly score: number } | null
  /** The score of the right person; null where that one is not enrolled or either photo has no face. */
  readonly ownScore: number | null
  /** 1 when the right person is the nearest; equal scores count against. Infinite where there is no own score. */
  readonly rank: number
  /** Why there was nothing to look for, where there was not. */
  readonly failure: string | null
}

export function search(probes: readonly Probe[], enrolled: readonly Probe[], samples: Samples): Finding[] {
  const references = enrolled.flatMap(({ identity, photo }) => {
    const { template } = samples({ photo, purpose: 'reference' })
    return template === null ? [] : [{ identity, template }]
  })
  return probes.map((probe) => {
    const sample: Sample = samples({ photo: probe.photo, purpose: 'probe' })
    const { template } = sample
    const nothing = { probe, nearest: null, ownScore: null, rank: Number.POSITIVE_INFINITY }
    if (template === null) return { ...nothing, failure: whyNothing(sample) }
    const scores = references.map((reference) => ({
      identity: reference.identity,
      score: cosine(template, reference.template),
    }))
    if (scores.length === 0) return { ...nothing, failure: 'nobody could be enrolled' }
    const nearest = scores.reduce((best, next) => (next.score > best.score ? next : best))
    const own = scores.find(({ identity }) => identity === probe.identity)
    if (own === undefined) return { ...nothing, nearest, failure: null }
    const ahead = scores.filter((other) => other !== own && other.score >= own.score).length
    return { probe, nearest, ownScore: own.score, rank: 1 + ahead, failure: null }
  })
}
