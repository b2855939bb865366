import { expect, test } from 'vitest'
import { oneAtATimeEach } from './one-at-a-time-each.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test('tasks of one key follow each other, those of others do not wait for them', async () => {
  const inTurn = oneAtATimeEach(10)
  const events: string[] = []
  const task = (key: string, name: string) =>
    inTurn(key, async () => {
      events.push(`${name} begins`)
      await nextTurn()
      events.push(`${name} ends`)
    })
  await Promise.all([task('a', 'a1'), task('a', 'a2'), task('b', 'b1')])
  expect(events.indexOf('a2 begins')).toBeGreaterThan(events.indexOf('a1 ends'))
  expect(events.indexOf('b1 begins')).toBeLessThan(events.indexOf('a1 ends'))
})

test('so many wait, the rest is refused, and a task that fails leaves its place', async () => {
  const inTurn = oneAtATimeEach(2)
  const failing = async () => {
    await nextTurn()
    throw new Error('failed')
  }
  const crowd = await Promise.allSettled(Array.from({ length: 5 }, () => inTurn('a', failing)))
  expect(crowd.map((one) => (one.status === 'rejected' ? one.reason.message : one.status))).toEqual([
    'failed',
    'failed',
    'failed',
    'too-many-requests',
    'too-many-requests',
  ])
  expect(await inTurn('a', async () => 'served')).toBe('served')
})
