import { PATHS } from '../../http/wire/paths.ts'
import type { Connections } from '../client/target.ts'
import { pause } from '../pacing/pause.ts'

/** What a server's process holds open; null for what its system does not tell. */
export interface Handles {
  readonly files: number | null
  /** Connections, as Node counts them. */
  readonly sockets: number
}

export interface HandleChange {
  readonly before: Handles
  readonly after: Handles
  /** What is held now and was not before, the load being over. */
  readonly leaked: number
}

/** How long a server has to close what the load left open, before it counts as leaked. */
const SETTLED_WITHIN_MS = 15_000
const LOOK_EVERY_MS = 500
const SOCKETS = /^(TCP|Pipe|TLS)\w*Wrap$/

/** @returns null where the server does not tell the caller */
export async function readHandles(connections: Connections, metricsToken: string): Promise<Handles | null> {
  const headers = metricsToken === '' ? {} : { authorization: `Bearer ${metricsToken}` }
  const answer = await connections.send({ operation: 'metrics', method: 'GET', path: PATHS.metrics, headers })
  if (answer.outcome !== 'answered') return null
  const sockets = [...answer.text.matchAll(/^nodejs_active_resources\{type="(\w+)"\} (\d+)$/gm)]
    .filter(([, type]) => SOCKETS.test(type ?? ''))
    .reduce((sum, [, , count]) => sum + Number(count), 0)
  const [, files] = /^process_open_fds (\d+)$/m.exec(answer.text) ?? []
  return { files: files === undefined ? null : Number(files), sockets }
}

/** What is still open once the load is over; the server is given some time to let go. */
export async function handlesAfter(read: () => Promise<Handles | null>, before: Handles): Promise<HandleChange | null> {
  const patience = AbortSignal.timeout(SETTLED_WITHIN_MS)
  for (;;) {
    const after = await read()
    if (after === null) return null
    const leaked = Math.max(after.sockets - before.sockets, (after.files ?? 0) - (before.files ?? 0), 0)
    if (leaked === 0 || patience.aborted) return { before, after, leaked }
    await pause(LOOK_EVERY_MS, patience)
  }
}
