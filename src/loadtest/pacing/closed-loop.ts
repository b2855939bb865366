import { pause } from './pause.ts'
import { clientsIn, type Phase, phaseAt } from './shape.ts'

/** So that a thousand clients do not all connect in the same instant. */
const BETWEEN_FIRST_TURNS_MS = 1
/** A client that was refused waits as long before it asks again, as one does who is told to come later. */
const AFTER_REFUSAL_MS = 1_000

/** @returns whether it was refused */
export type TakeTurn = (dueMs: number) => Promise<boolean>

/**
 * Each client takes its next turn when its last is over, so a slow server is asked less. Settles when the phases are
 * over, or the signal has come, and every turn that was begun is over.
 */
export async function closedLoop(
  clients: number,
  phases: readonly Phase[],
  takeTurn: TakeTurn,
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now()
  const client = async (index: number) => {
    await pause(index * BETWEEN_FIRST_TURNS_MS, signal)
    while (!signal.aborted) {
      const elapsedMs = performance.now() - startMs
      const phase = phases[phaseAt(phases, elapsedMs)]
      if (phase === undefined) return
      if (index >= clientsIn(phase, clients)) await pause(phase.endMs - elapsedMs + 1, signal)
      else if (await takeTurn(performance.now())) await pause(AFTER_REFUSAL_MS, signal)
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, index) => client(index)))
}
