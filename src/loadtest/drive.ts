import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './client/call.ts'
import { type Address, Connections } from './client/target.ts'
import { Recorder } from './measuring/recorder.ts'
import { closedLoop } from './pacing/closed-loop.ts'
import { openLoop } from './pacing/open-loop.ts'
import { phasesOf, type ShapeName } from './pacing/shape.ts'
import type { Work } from './works/work.ts'

const SECOND_MS = 1_000
/** After an early end, how long answers that are under way are waited for. */
const LAST_ANSWERS_MS = 5_000

export interface Load {
  readonly shape: ShapeName
  readonly seconds: number
  readonly clients: number
  readonly ratePerSecond: number | null
}

export interface Driver {
  readonly address: Address
  readonly token: string | null
  readonly timeoutSeconds: number
  readonly work: Work
  /** Turns that were taken so far, over all loads of this driver. */
  turns: number
}

/**
 * Puts a load on the server, over connections of its own, and closes them.
 * @param begun is given what records it
 * @returns how many seconds of it were measured
 */
export async function drive(
  driver: Driver,
  load: Load,
  begun: (recorder: Recorder) => void,
  signal: AbortSignal,
): Promise<{ readonly recorder: Recorder; readonly seconds: number }> {
  // Every client that pauses listens.
  setMaxListeners(0, signal)
  const phases = phasesOf(load.shape, load.seconds * SECOND_MS)
  const connections = new Connections(driver.address, load.clients, driver.timeoutSeconds, driver.token)
  const recorder = new Recorder(phases)
  begun(recorder)
  const takeTurn = async (dueMs: number): Promise<boolean> => {
    let answer: Answer | null = null
    await driver.work.turn(
      async (call) => {
        // Only the first call of a turn can have been kept waiting; the next is due when its answer is there.
        const startMs = answer === null ? dueMs : performance.now()
        answer = await connections.send(call)
        if (answer.code !== 'cut-off') recorder.note(call.operation, answer, startMs)
        return answer
      },
      driver.turns++,
    )
    return wasRefused(answer)
  }
  const missed = (dueMs: number) => recorder.note('none', { outcome: 'failed', code: 'missed' }, dueMs)
  const { clients, ratePerSecond } = load
  const turns =
    ratePerSecond === null
      ? closedLoop(clients, phases, takeTurn, signal)
      : openLoop({ ratePerSecond, clients, phases }, takeTurn, missed, signal)
  const ended = turns.then(() => 'whole' as const)
  const stopped = stop(signal).then(() => performance.now())
  const end = await Promise.race([ended, stopped])
  // What is still under way a while after an early end is cut off, and says nothing.
  if (end !== 'whole') await Promise.race([ended, sleep(LAST_ANSWERS_MS)])
  await connections.close()
  await ended
  const seconds = end === 'whole' ? load.seconds : Math.min(load.seconds, (end - recorder.startMs) / SECOND_MS)
  return { recorder, seconds }
}

function wasRefused(answer: Answer | null): boolean {
  return answer?.outcome === 'refused'
}

async function stop(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
