import { expect, test } from 'vitest'
import { Recorder } from '../measuring/recorder.ts'
import { closedLoop } from './closed-loop.ts'
import { openLoop } from './open-loop.ts'
import { clientsIn, phaseAt, phasesOf, SHAPE_NAMES } from './shape.ts'

const NEVER = new AbortController().signal

test.each(SHAPE_NAMES)('the phases of %s fill the whole time, and the load is whole at least once', (shape) => {
  const phases = phasesOf(shape, 1_000)
  expect(phases[0]?.startMs).toBe(0)
  expect(phases.at(-1)?.endMs).toBeCloseTo(1_000, 6)
  for (const [index, { startMs }] of phases.entries()) if (index > 0) expect(startMs).toBe(phases[index - 1]?.endMs)
  expect(Math.max(...phases.map(({ share }) => share))).toBe(1)
  expect(phases.every((phase) => clientsIn(phase, 1) === 1)).toBe(true)
  expect(phaseAt(phases, 1_001)).toBe(-1)
})

test('in an open loop what waits for a connection waits from when it was due', async () => {
  const phases = phasesOf('steady', 200)
  const recorder = new Recorder(phases)
  const due: number[] = []
  const release: (() => void)[] = []
  const loop = openLoop(
    { ratePerSecond: 50, clients: 1, phases },
    async (dueMs) => {
      due.push(dueMs)
      if (due.length === 1) await new Promise<void>((resolve) => release.push(resolve))
      recorder.note('slow', { outcome: 'answered', code: null }, dueMs)
      // The first one holds the only connection until all others are due.
      return false
    },
    () => expect.unreachable('nothing was missed'),
    NEVER,
  )
  const heldUntil = performance.now() + 250
  while (performance.now() < heldUntil) await new Promise((resolve) => setImmediate(resolve))
  release[0]?.()
  await loop
  expect(due.length).toBe(10)
  for (const [index, dueMs] of due.entries()) expect(dueMs - (due[0] ?? 0)).toBeCloseTo(index * 20, 6)
  // By the service alone nine of ten would be immediate; half waited for as long as it takes to say so.
  expect(recorder.result(0.2).totals.latency?.p50Ms).toBeGreaterThan(100)
})

test('a closed loop takes a turn at a time for each client, and ends early with what was begun', async () => {
  const early = new AbortController()
  let atOnce = 0
  let most = 0
  let turns = 0
  await closedLoop(
    3,
    phasesOf('steady', 600_000),
    async () => {
      most = Math.max(most, ++atOnce)
      await new Promise((resolve) => setImmediate(resolve))
      atOnce--
      if (++turns === 100) early.abort()
      return false
    },
    early.signal,
  )
  expect(most).toBeLessThanOrEqual(3)
  expect(turns).toBeLessThanOrEqual(102)
  expect(atOnce).toBe(0)
})
