import type { TakeTurn } from './closed-loop.ts'
import { pause } from './pause.ts'
import { type Phase, phaseAt } from './shape.ts'

const SECOND_MS = 1_000
/** How long turns that were due, but found every connection busy, may still be taken after the end. */
const LEFT_OVER_MS = 5_000

export interface OpenLoop {
  /** Turns due a second in a phase with the share 1. */
  readonly ratePerSecond: number
  /** Turns under way at once at most; a turn that is due waits, and its waiting counts. */
  readonly clients: number
  readonly phases: readonly Phase[]
}

/**
 * Turns are due at a steady rate whether or not those before are over, as from people who know nothing of one another.
 * @param missed is told of every turn that was due and could not be taken
 */
export async function openLoop(
  { ratePerSecond, clients, phases }: OpenLoop,
  takeTurn: TakeTurn,
  missed: (dueMs: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const waiting: number[] = []
  const underWay = new Set<Promise<unknown>>()
  const begin = () => {
    while (underWay.size < clients) {
      const dueMs = waiting.shift()
      if (dueMs === undefined) return
      const turn = takeTurn(dueMs).finally(() => {
        underWay.delete(turn)
        begin()
      })
      underWay.add(turn)
    }
  }
  const startMs = performance.now()
  for (let dueMs = startMs; !signal.aborted; ) {
    const phase = phases[phaseAt(phases, dueMs - startMs)]
    if (phase === undefined) break
    await pause(dueMs - performance.now(), signal)
    if (signal.aborted) break
    waiting.push(dueMs)
    begin()
    dueMs += SECOND_MS / (ratePerSecond * phase.share)
  }
  const giveUpMs = performance.now() + LEFT_OVER_MS
  while (waiting.length > 0 && !signal.aborted && performance.now() < giveUpMs) await Promise.race(underWay)
  const left = waiting.splice(0)
  if (!signal.aborted) for (const dueMs of left) missed(dueMs)
  await Promise.all(underWay)
}
