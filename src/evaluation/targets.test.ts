import { describe, expect, it } from 'vitest'
import { rateMeasure, type Section, scoreMeasure } from './report.ts'
import { rateOf } from './statistics/rate.ts'
import { checkTargets, parseTarget } from './targets.ts'

const section: Section = {
  set: 'faces',
  protocol: 'open-set',
  description: '',
  measures: [
    rateMeasure('rank1', 'Rank-1 identification rate', 'higher', rateOf(208, 209)),
    rateMeasure('fpir', 'FPIR', 'lower', rateOf(1, 100)),
    scoreMeasure('threshold', 'Threshold', null),
  ],
  tables: [],
  misses: [],
}

function met(text: string): boolean[] {
  return checkTargets([parseTarget(text)], [section]).map((result) => result.met)
}

describe('targets', () => {
  it('ask for at least where more is better and at most where less is', () => {
    expect(met('rank1=0.99')).toEqual([true])
    expect(met('rank1=0.996')).toEqual([false])
    expect(met('fpir=0.01')).toEqual([true])
    expect(met('fpir=0.009')).toEqual([false])
  })

  it('can be counts, and mean one set', () => {
    expect(met('faces.rank1=208/209')).toEqual([true])
    expect(met('faces.rank1=209/209')).toEqual([false])
    expect(met('groups.rank1=0.5')).toEqual([false])
  })

  it('are missed by what was not measured', () => {
    expect(met('rank9=0.1')).toEqual([false])
    expect(met('threshold=0.1')).toEqual([false])
  })

  it.each(['rank1', 'rank1=', '=0.9', 'rank1=high', 'rank1=-1'])('refuse %s', (text) => {
    expect(() => parseTarget(text)).toThrow('field-invalid')
  })
})
