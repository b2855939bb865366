import type { OwnCost } from '../measuring/own-cost.ts'
import type { CodeCount } from '../measuring/recorder.ts'
import type { ServerFigures } from './report.ts'

/** Of a core: above it, this tool may be what is slow. */
const OWN_CORES_MAX = 0.7
const OWN_LATE_MS_MAX = 50

/** What may have made the figures other than those of the server. */
export function remarksOn(tool: OwnCost, server: ServerFigures, codes: readonly CodeCount[]): readonly string[] {
  const remarks: string[] = []
  if (tool.cores > OWN_CORES_MAX || tool.lateP99Ms > OWN_LATE_MS_MAX)
    remarks.push(
      `The load test itself used ${tool.cores.toFixed(2)} cores and was late by ${tool.lateP99Ms.toFixed(0)} ms (p99): latencies are too long by as much. Run it on another machine, or with fewer clients.`,
    )
  if (codes.some(({ code }) => code === 'too-many-requests'))
    remarks.push(
      "The server's limit of requests an address was reached (RATE_LIMIT, for sign-ins SIGN_IN_RATE_LIMIT): raise it where the load comes from one address.",
    )
  if (server.wasRestarted) remarks.push('The server was restarted in the meantime, or several nodes answered.')
  if (server.samples.length === 0) remarks.push('The server did not tell how it was: no CPU, no memory.')
  return remarks
}
