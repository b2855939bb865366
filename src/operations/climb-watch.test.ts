import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../test/accounts/refusal-of.ts'
import type { Actor } from '../domain/account.ts'
import { cosine } from '../domain/template.ts'
import { climbWatch } from './climb-watch.ts'

const STRANGER: Actor = { username: null, address: '192.0.2.1', requestId: 'request-1' }
const THRESHOLD = 0.5
const HOUR_MS = 3_600_000

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const normal = (next: () => number) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

function unit(values: readonly number[]): Float32Array {
  const norm = Math.hypot(...values)
  return Float32Array.from(values, (value) => value / norm)
}

function open() {
  const noted: unknown[] = []
  let now = 0
  const watch = climbWatch(
    {
      append: async (action, target, details, actor) => {
        noted.push([action, target, details, actor])
      },
    },
    () => now,
  )
  const pass = (ms: number) => {
    now += ms
  }
  return { watch, noted, pass }
}

describe('the watch over climbs', () => {
  it('does not forget a climber who asks about many others in between', async () => {
    const { watch, noted, pass } = open()
    const next = numbers(1)
    const climb = async () => {
      for (let step = 0; step < 100; step++) {
        await watch.note(STRANGER, [{ classId: 7, score: step / 1_000 }], THRESHOLD)
        pass(10)
        // As many people as one answer may name, others each time.
        for (let query = 0; query < 10; query++) {
          const others = Array.from({ length: 50 }, (_, index) => 100 + step * 500 + query * 50 + index)
          const scores = others.map((classId) => ({ classId, score: next() * THRESHOLD }))
          await watch.note(STRANGER, scores, THRESHOLD)
          pass(10)
        }
      }
    }
    expect((await refusalOf(climb())).code).toBe('too-many-requests')
    expect(noted).toEqual([['score-climb', 'person:7', { rises: 30 }, STRANGER]])
  })

  it.each([128, 512])('stops a climber among templates of %i dimensions far from the threshold', async (dimension) => {
    const next = numbers(dimension)
    const draw = () => unit(Array.from({ length: dimension }, () => normal(next)))
    const { watch, noted } = open()
    const target = draw()
    let probe = draw()
    let best = cosine(probe, target)
    const climb = async () => {
      for (;;) {
        // About the best step for this kind of climb: 1.2 distances over the square root of the dimension.
        const reach = (1.2 * Math.sqrt(2 - 2 * best)) / Math.sqrt(dimension)
        const step = draw()
        const candidate = unit(Array.from(probe, (value, at) => value + reach * (step[at] ?? 0)))
        const score = cosine(candidate, target)
        await watch.note(STRANGER, [{ classId: 7, score }], THRESHOLD)
        if (score > best) {
          best = score
          probe = candidate
        }
      }
    }
    expect((await refusalOf(climb())).code).toBe('too-many-requests')
    expect(best).toBeLessThan(0.4)
    expect(noted).toEqual([['score-climb', 'person:7', { rises: 30 }, STRANGER]])
  })

  it('leaves a hundred thousand unrelated photos from one address alone', async () => {
    const { watch, noted } = open()
    const next = numbers(1)
    for (let photo = 0; photo < 100_000; photo++)
      await watch.note(STRANGER, [{ classId: photo % 3, score: 0.1 * normal(next) }], THRESHOLD)
    expect(noted).toEqual([])
    watch.admit(STRANGER)
  })

  it('leaves a person alone who comes nearer and was known all along', async () => {
    const { watch, noted } = open()
    for (let rise = 0; rise < 100; rise++)
      await watch.note(STRANGER, [{ classId: 1, score: 0.6 + rise / 1000 }], THRESHOLD)
    expect(noted).toEqual([])
  })

  it('refuses only who climbed, for an hour, and begins anew then', async () => {
    const { watch, noted, pass } = open()
    const rise = async (actor: Actor, from: number) => {
      for (let at = 0; at <= 30; at++) await watch.note(actor, [{ classId: 1, score: from + at / 1000 }], THRESHOLD)
    }
    expect((await refusalOf(rise(STRANGER, 0))).details).toEqual({ retryAfterSeconds: 3600 })
    expect(() => watch.admit({ ...STRANGER, requestId: 'request-2' })).toThrow('too-many-requests')
    watch.admit({ ...STRANGER, address: '192.0.2.2' })
    watch.admit({ ...STRANGER, username: 'lan' })
    pass(HOUR_MS)
    watch.admit(STRANGER)
    expect((await refusalOf(rise(STRANGER, 0.1))).code).toBe('too-many-requests')
    expect(noted).toHaveLength(2)
  })

  it('forgets a row of answers that paused', async () => {
    const { watch, noted, pass } = open()
    for (let at = 0; at < 100; at++) {
      await watch.note(STRANGER, [{ classId: 1, score: at / 1000 }], THRESHOLD)
      if (at % 20 === 0) pass(HOUR_MS + 1)
    }
    expect(noted).toEqual([])
  })
})
