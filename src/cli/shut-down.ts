import { setTimeout as sleep } from 'node:timers/promises'
import type { Nhandien } from '../compose.ts'
import type { createServer } from '../http/server.ts'

const SECOND_MS = 1_000

export interface ShutdownLimits {
  /** How long requests are still taken while the server says that it is not ready, for balancers to notice. */
  readonly noticeSeconds: number
  /** How long what was begun may take to finish; what takes longer is cut off. */
  readonly finishSeconds: number
}

/**
 * Not ready; no new work; what was begun is finished; then workers, gallery and database are closed in order. Settles
 * once nothing is left to do.
 */
export async function shutDown(
  server: Awaited<ReturnType<typeof createServer>>,
  nhandien: Pick<Nhandien, 'drain' | 'close'>,
  { noticeSeconds, finishSeconds }: ShutdownLimits,
): Promise<void> {
  nhandien.drain()
  await sleep(noticeSeconds * SECOND_MS)
  const cutOff = setTimeout(() => {
    server.log.warn('requests that took too long to finish are cut off')
    server.server.closeAllConnections()
  }, finishSeconds * SECOND_MS)
  await server.close()
  clearTimeout(cutOff)
  await nhandien.close()
}

/** Runs it once, on SIGTERM or SIGINT, and ends the process: with 0 where all went well. */
export function onStopSignal(stop: () => Promise<void>): void {
  let stopping = false
  const onSignal = (signal: NodeJS.Signals) => {
    // A second signal is somebody who will not wait.
    if (stopping) process.exit(1)
    stopping = true
    process.stderr.write(`nhandien: ${signal}, finishing what was begun …\n`)
    stop().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`nhandien: ${String(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}
