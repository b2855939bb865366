import { describe, expect, it } from 'vitest'
import type { Sample } from '../photos/sampler.ts'
import type { Section } from '../report.ts'
import type { Samples, Task } from '../task.ts'
import { acquisition } from './acquisition.ts'
import { answers } from './answers.ts'
import { closedSet } from './closed-set.ts'
import { faceCounts } from './face-counts.ts'
import { openSet } from './open-set.ts'
import { verification } from './verification.ts'

const SET = { name: 'small', folder: '/photos' }
const NOTHING: Sample = { faces: 0, template: null, refusal: null, fault: null, milliseconds: 1 }

/** Templates in the plane: the cosine of two is that of the angle between them. */
function at(degrees: number): Sample {
  const angle = (degrees * Math.PI) / 180
  return { ...NOTHING, faces: 1, template: Float32Array.of(Math.cos(angle), Math.sin(angle)) }
}

function samplesOf(samples: Readonly<Record<string, Sample>>): Samples {
  return ({ photo }) => {
    const sample = samples[photo]
    if (sample === undefined) throw new Error(`${photo} was not asked for`)
    return sample
  }
}

function run(task: Task, samples: Readonly<Record<string, Sample>>): Section {
  for (const { photo } of task.wishes) expect(samples).toHaveProperty([photo])
  return task.run(samplesOf(samples))
}

function measured(section: Section, key: string) {
  const measure = section.measures.find((candidate) => candidate.key === key)
  if (measure === undefined) throw new Error(`${key} was not measured`)
  return measure
}

function counted(section: Section, key: string): readonly number[] {
  const { rate } = measured(section, key)
  if (rate === null) throw new Error(`${key} is not a rate`)
  return [rate.hits, rate.trials]
}

const people = [
  { name: 'an', files: ['/photos/an/1', '/photos/an/2', '/photos/an/3'] },
  { name: 'binh', files: ['/photos/binh/1', '/photos/binh/2', '/photos/binh/3'] },
  { name: 'chi', files: ['/photos/chi/1'] },
]
const samples = {
  '/photos/an/1': at(0),
  '/photos/an/2': at(5),
  '/photos/an/3': at(58),
  '/photos/binh/1': at(60),
  '/photos/binh/2': at(65),
  '/photos/binh/3': NOTHING,
  '/photos/chi/1': at(4),
}

describe('acquisition', () => {
  it('counts photos without a template and names them', () => {
    const section = run(acquisition(SET, people), samples)
    expect(counted(section, 'found')).toEqual([6, 7])
    expect(counted(section, 'fta')).toEqual([1, 7])
    expect(section.misses).toEqual([{ photo: 'binh/3', reason: 'no face found' }])
  })
})

describe('closedSet', () => {
  it('looks for the other photos of those who have enough', () => {
    const section = run(closedSet(SET, people, { photosMin: 3, rounds: 1 }), samples)
    expect(measured(section, 'gallery').value).toBe(2)
    expect(counted(section, 'rank1')).toEqual([2, 4])
    expect(counted(section, 'rank5')).toEqual([3, 4])
    expect(section.misses.map(({ photo }) => photo)).toEqual(['an/3', 'binh/3'])
  })

  it('enrols another photo in each round', () => {
    const section = run(closedSet(SET, people, { photosMin: 3, rounds: 3 }), samples)
    expect(measured(section, 'probes').value).toBe(12)
    // In the third round the photo without a face is to be enrolled.
    expect(counted(section, 'fte')).toEqual([1, 6])
  })

  it('counts equal scores of others against the right one', () => {
    const twins = [
      { name: 'an', files: ['/photos/a', '/photos/b'] },
      { name: 'anh', files: ['/photos/c', '/photos/d'] },
    ]
    const same = { '/photos/a': at(0), '/photos/b': at(0), '/photos/c': at(0), '/photos/d': at(0) }
    const section = run(closedSet(SET, twins, { photosMin: 2, rounds: 1 }), same)
    expect(counted(section, 'rank1')).toEqual([0, 2])
  })
})

describe('openSet', () => {
  it('counts strangers who are named and enrolled who are not', () => {
    // Enrolled: an/1 and chi/1. Strangers: binh.
    const section = run(openSet(SET, people, { threshold: Math.cos(Math.PI / 18), rounds: 1 }), samples)
    expect(measured(section, 'gallery').value).toBe(2)
    expect(counted(section, 'fpir')).toEqual([0, 3])
    // an/2 at 5° is nearer to chi at 4° than to an at 0°; an/3 is near nobody.
    expect(counted(section, 'fnir')).toEqual([2, 2])
    expect(counted(section, 'misnamed')).toEqual([1, 2])
    expect(counted(section, 'identified')).toEqual([0, 2])
  })

  it('changes the halves in the second round', () => {
    const section = run(openSet(SET, people, { threshold: Math.cos(Math.PI / 18), rounds: 2 }), samples)
    // Of the second round: binh/1 enrolled; an/3 at 2° from it is named, an/1, an/2 and chi/1 are not.
    expect(counted(section, 'fpir')).toEqual([1, 7])
    expect(counted(section, 'identified')).toEqual([1, 4])
    expect(section.misses).toContainEqual({ photo: 'an/3', reason: 'not enrolled, named binh with 0.999' })
  })
})

describe('verification', () => {
  const pair = (a: string, b: string, same: boolean, fold = '') => ({
    a: `/photos/${a}`,
    b: `/photos/${b}`,
    same,
    fold,
  })
  const pairs = [
    pair('an/1', 'an/2', true),
    pair('an/1', 'an/3', true),
    pair('binh/1', 'binh/3', true),
    pair('an/1', 'binh/1', false),
    pair('an/2', 'binh/2', false),
    pair('an/1', 'chi/1', false),
  ]
  const options = {
    threshold: 0.99,
    confidenceSlope: () => 7,
    description: '',
    balanced: true,
    comparisons: () => pairs,
  }

  it('keeps pairs without two faces out of FMR and FNMR, and counts them as turned away in accuracy', () => {
    const section = run(verification(SET, options), samples)
    expect(counted(section, 'failures')).toEqual([1, 6])
    expect(counted(section, 'fnmr')).toEqual([1, 2])
    expect(counted(section, 'fmr')).toEqual([1, 3])
    // Wrong at best: binh, of whom one photo shows no face, and an with chi, who look alike.
    expect(counted(section, 'accuracy')).toEqual([4, 6])
    expect(section.misses.map(({ photo }) => photo)).toEqual(['binh/1 and binh/3', 'an/1 and chi/1'])
  })

  it('says nothing of rates that the comparisons are too few for', () => {
    const section = run(verification(SET, options), samples)
    expect(measured(section, 'fnmr-1pc').value).toBeNull()
    expect(measured(section, 'recommended-threshold').value).toBeNull()
    expect(measured(section, 'confidence-slope').value).toBeNull()
  })

  it('gives no accuracy where pairs of two people are far more', () => {
    const section = run(verification(SET, { ...options, balanced: false }), samples)
    expect(section.measures.map(({ key }) => key)).not.toContain('accuracy')
    expect(counted(section, 'fnmr')).toEqual([1, 2])
  })

  it('cross-validates where there are folds', () => {
    const folded = [
      pair('an/1', 'an/2', true, '1'),
      pair('an/1', 'binh/1', false, '1'),
      pair('binh/1', 'binh/2', true, '2'),
      pair('an/2', 'binh/2', false, '2'),
    ]
    const section = run(verification(SET, { ...options, comparisons: () => folded }), samples)
    expect(measured(section, 'fold-accuracy').value).toBe(1)
    expect(measured(section, 'fold-error').value).toBe(0)
  })
})

describe('faceCounts', () => {
  it('takes tricky photos apart', () => {
    const photos = [
      { photo: '/photos/one', facesMin: 1, facesMax: 1, tricky: null },
      { photo: '/photos/none', facesMin: 1, facesMax: 2, tricky: null },
      { photo: '/photos/dog', facesMin: 0, facesMax: 0, tricky: 'dog' },
    ]
    const found = { '/photos/one': at(0), '/photos/none': NOTHING, '/photos/dog': at(0) }
    const section = run(faceCounts(SET, photos), found)
    expect(counted(section, 'right')).toEqual([1, 2])
    expect(counted(section, 'tricky-right')).toEqual([0, 1])
    expect(section.misses.map(({ reason }) => reason)).toEqual(['0 found, 1 to 2 there', '1 found, 0 there, dog'])
  })
})

describe('answers', () => {
  const answered = (accepted: 'any' | 'reject' | 'clear-415' | 'no-face' | 'one-face', sample: Sample) =>
    counted(
      run(answers(SET, [{ photo: '/photos/x', accepted: [accepted] }]), { '/photos/x': sample }),
      'as-expected',
    )[0]

  it('tells refusals, faces and faults apart', () => {
    const unsupported: Sample = { ...NOTHING, refusal: 'image-unsupported' }
    const broken: Sample = { ...NOTHING, fault: 'cannot read properties of undefined' }
    expect(answered('reject', unsupported)).toBe(1)
    expect(answered('clear-415', unsupported)).toBe(1)
    expect(answered('clear-415', { ...NOTHING, refusal: 'image-unreadable' })).toBe(0)
    expect(answered('no-face', unsupported)).toBe(0)
    expect(answered('no-face', NOTHING)).toBe(1)
    expect(answered('one-face', at(0))).toBe(1)
    expect(answered('any', unsupported)).toBe(1)
    expect(answered('any', broken)).toBe(0)
    expect(answered('reject', broken)).toBe(0)
  })

  it('notices what takes too long', () => {
    const slow = { ...at(0), milliseconds: 5_001 }
    const section = run(answers(SET, [{ photo: '/photos/x', accepted: ['any'] }]), { '/photos/x': slow })
    expect(counted(section, 'prompt')).toEqual([0, 1])
    expect(section.misses).toHaveLength(1)
  })
})
