import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isRefusal } from '../../domain/errors.ts'
import { PhotoQueue, type QueueLimits, type WaitingPhoto } from './photo-queue.ts'

const LIMITS: QueueLimits = { photosMax: 8, bytesMax: 1_000, ageMsMax: 5_000 }

let refused: string[]
beforeEach(() => {
  refused = []
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A photo named after its caller and its number, such as `a1`. */
function photo(name: string, bytes = 10): WaitingPhoto {
  const [caller = ''] = name
  return {
    photo: new Uint8Array(bytes),
    wish: { purpose: 'probe', embed: 'all', crops: false, caller },
    sinceMs: performance.now(),
    isSecondTry: false,
    resolve: () => {},
    reject: (error) => refused.push(isRefusal(error, 'overloaded') ? name : String(error)),
  }
}

function queueOf(names: readonly string[], limits: Partial<QueueLimits> = {}) {
  const queue = new PhotoQueue({ ...LIMITS, ...limits })
  const waiting = new Map(names.map((name) => [name, photo(name)]))
  const push = (name: string, bytes?: number, expectedWaitMs = 0) => {
    const one = photo(name, bytes)
    queue.push(one, expectedWaitMs)
    waiting.set(name, one)
  }
  for (const name of names) push(name)
  const nameOf = (taken: WaitingPhoto) => [...waiting].find(([, one]) => one.photo === taken.photo)?.[0] ?? '?'
  const drain = () => {
    const names: string[] = []
    for (let taken = queue.shift(); taken !== undefined; taken = queue.shift()) names.push(nameOf(taken))
    return names.join(' ')
  }
  return { queue, push, drain, nameOf, waiting }
}

describe('photos that wait', () => {
  it('are taken in the order of one caller', () => {
    expect(queueOf(['a1', 'a2', 'a3']).drain()).toBe('a1 a2 a3')
  })

  it('are taken in turns of the callers, however much one of them sent before', () => {
    expect(queueOf(['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2']).drain()).toBe('a1 b1 c1 a2 b2 a3 a4')
  })

  it('stay where they are when the next one is not wanted', () => {
    const { queue, drain } = queueOf(['a1', 'a2', 'b1'])
    expect(queue.shift(() => false)).toBeUndefined()
    expect(queue.size).toBe(3)
    expect(drain()).toBe('a1 b1 a2')
  })

  it('are taken two by two of one caller, or of different ones, and alone while one caller’s would go before another’s', () => {
    const { queue, push, nameOf } = queueOf([])
    const together = () => queue.shiftTogether(1, 100).map(nameOf).join(' ')
    for (const name of ['a1', 'a2', 'a3', 'a4']) push(name)
    vi.advanceTimersByTime(200)
    expect([together(), together(), together()]).toEqual(['a1 a2', 'a3 a4', ''])
    for (const name of ['a1', 'a2', 'b1', 'c1', 'c2', 'c3']) push(name)
    vi.advanceTimersByTime(200)
    expect([together(), together()]).toEqual(['a1 b1', 'c1 a2'])
    expect([together(), together()]).toEqual(['c2', 'c3'])
    for (const name of ['c1', 'c2', 'c3']) push(name)
    vi.advanceTimersByTime(1_000)
    expect([together(), together()]).toEqual(['c1 c2', 'c3'])
  })

  it('let a caller who comes later have the next turn but one', () => {
    const { queue, push, drain } = queueOf(['a1', 'a2', 'a3', 'b1'])
    queue.shift()
    push('c1')
    expect(drain()).toBe('b1 a2 c1 a3')
  })

  it('wait behind no more of others than turns allow', () => {
    const { queue } = queueOf(['a1', 'a2', 'a3', 'a4', 'b1'])
    expect(['a', 'b', 'c'].map((caller) => queue.ahead(caller))).toEqual([5, 3, 2])
  })

  it('are expected to wait as long as turns took of late, whoever came in between', () => {
    const { queue } = queueOf(['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'b3'])
    expect(queue.turnsMs('a')).toBe(0)
    // Every other turn is of b: those of a come only every 200 ms.
    for (let turn = 0; turn < 5; turn++) {
      queue.shift()
      vi.advanceTimersByTime(100)
    }
    expect(queue.turnsMs('a')).toBe(2 * 200)
    expect(queue.turnsMs('b')).toBe(200)
    expect(queue.turnsMs('c')).toBe(0)
    // Nobody has had a turn for a while: what was quick before counts no more.
    vi.advanceTimersByTime(1_000)
    expect(queue.turnsMs('a')).toBe(2 * 1_100)
  })

  it('give way to callers who hold less, the newest first', () => {
    const { push, drain, queue } = queueOf(['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'b1', 'b2'])
    push('c1')
    expect(refused).toEqual(['a6'])
    push('b3')
    expect(refused).toEqual(['a6', 'a5'])
    expect(() => push('a7')).toThrow(expect.objectContaining({ code: 'overloaded' }))
    expect(queue.size).toBe(8)
    expect(drain()).toBe('a1 b1 c1 a2 b2 a3 b3 a4')
    expect(queue).toMatchObject({ size: 0, bytes: 0 })
  })

  it('do not give way to whoever would hold as much', () => {
    const { push } = queueOf(['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1', 'd2'])
    expect(() => push('a3')).toThrow(expect.objectContaining({ code: 'overloaded' }))
    push('e1')
    expect(refused).toEqual(['a2'])
    expect(() => push('e2')).toThrow(expect.objectContaining({ code: 'overloaded' }))
  })

  it('give up as much as is needed, or nothing', () => {
    const { push, queue } = queueOf(['a1', 'a2', 'a3', 'a4'], { bytesMax: 40 })
    expect(() => push('b1', 41)).toThrow(expect.objectContaining({ code: 'overloaded' }))
    expect(() => push('b1', 35)).toThrow(expect.objectContaining({ code: 'overloaded' }))
    expect(refused).toEqual([])
    push('b1', 25)
    expect(refused).toEqual(['a4', 'a3', 'a2'])
    expect(queue).toMatchObject({ size: 2, bytes: 35 })
  })

  it('are refused before they came where they would be refused afterwards', () => {
    const { queue } = queueOf(['a1', 'a2'], { photosMax: 2 })
    expect(() => queue.check(10, 'a', 0)).toThrow(expect.objectContaining({ code: 'overloaded' }))
    expect(() => queue.check(10, 'b', 0)).not.toThrow()
    expect(() => queue.check(10, 'b', 5_001)).toThrow(
      expect.objectContaining({ code: 'overloaded', details: { reason: 'long-wait', retryAfterSeconds: 6 } }),
    )
    expect(queue.size).toBe(2)
  })

  it('are refused when they waited too long, and hold nothing more', () => {
    const { queue, push, drain } = queueOf(['a1', 'b1'])
    vi.advanceTimersByTime(3_000)
    push('a2')
    vi.advanceTimersByTime(2_500)
    expect(refused).toEqual(['a1', 'b1'])
    expect(queue).toMatchObject({ size: 1, bytes: 10 })
    expect(drain()).toBe('a2')
    vi.advanceTimersByTime(10_000)
    expect(refused).toEqual(['a1', 'b1'])
  })

  it('come first when they are put back, and not for ever', () => {
    const { queue, nameOf } = queueOf(['a1', 'a2', 'b1'])
    const first = queue.shift()
    if (first === undefined) throw new Error('nothing waits')
    queue.putBack(first)
    const again = queue.shift()
    expect([again?.isSecondTry, again && nameOf(again)]).toEqual([true, 'a1'])
    queue.putBack(first)
    vi.advanceTimersByTime(5_000)
    expect(refused.sort()).toEqual(['a1', 'a2', 'b1'])
    expect(queue).toMatchObject({ size: 0, bytes: 0 })
  })
})
