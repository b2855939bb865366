import type { PhaseFigures } from '../measuring/recorder.ts'
import { clientsIn } from '../pacing/shape.ts'
import { formatMib, formatMs, formatRate, formatShare, formatSlope } from './format.ts'
import type { LoadReport, ServerFigures } from './report.ts'

const KIB = 2 ** 10

/** What was done to which server, in a few lines of name and value. */
export function describeSetup({
  setup,
  identity,
  seconds,
  wasEndedEarly,
  at,
}: LoadReport): readonly [string, string][] {
  const { scenario, work, clients, ratePerSecond, warmUpSeconds, photos, photoBytesMean, plannedSeconds } = setup
  const load =
    ratePerSecond === null
      ? `${countOf(clients)}, each waiting for its answer`
      : `${formatRate(ratePerSecond)} due, over ${clients} connections`
  const early = wasEndedEarly ? ` of ${plannedSeconds} s, ended early` : ''
  return [
    ['scenario', scenario === work ? scenario : `${scenario} (${work})`],
    ['load', load],
    ['measured', `${seconds.toFixed(1)} s${early}, after ${warmUpSeconds} s of warming up`],
    ...(photos === 0 ? [] : [['photos', `${photos}, ${(photoBytesMean / KIB).toFixed(0)} KiB on average`] as const]),
    [
      'server',
      `${setup.url}, version ${identity.version ?? '?'}, ${identity.model ?? '?'}, ${identity.workers ?? '?'} workers, ${identity.people ?? '?'} people before`,
    ],
    ['at', at],
  ].map(([name = '', value = '']): [string, string] => [name, value])
}

/** `step 3 of 10 (30 clients)`. */
export function describePhase({ name, share }: PhaseFigures, { clients, ratePerSecond }: LoadReport['setup']): string {
  const load = ratePerSecond === null ? countOf(clientsIn({ share }, clients)) : formatRate(share * ratePerSecond)
  return `${name} (${load})`
}

function countOf(clients: number): string {
  return `${clients} ${clients === 1 ? 'client' : 'clients'}`
}

/** How the server was, and what the load test cost itself. */
export function describeServer({ server, tool }: LoadReport): readonly [string, string][] {
  const { cpuShareMean, cpuShareMax, rssBytesMax } = server
  return [
    ['server CPU', `${formatShare(cpuShareMean)} on average, ${formatShare(cpuShareMax)} at most`],
    ['server memory', `${formatMib(rssBytesMax)} at most; ${trendText(server)}`],
    ['server handles', handlesText(server)],
    [
      'load test itself',
      `${tool.cores.toFixed(2)} cores, ${tool.cpuMsPerCall.toFixed(2)} CPU-ms a call, late by ${formatMs(tool.lateP99Ms)} (p99)`,
    ],
  ]
}

function trendText({ rssTrend }: ServerFigures): string {
  if (rssTrend === null) return 'too few readings for a slope'
  return `slope ${formatSlope(rssTrend)}, ${rssTrend.isWithinNoise ? 'within noise' : 'MORE than noise'}`
}

function handlesText({ handles }: ServerFigures): string {
  if (handles === null) return 'not told: /metrics is closed to this caller'
  const { before, after, leaked } = handles
  const files = before.files === null ? '' : `${before.files} files before, ${after.files ?? '?'} after; `
  return `${files}${before.sockets} sockets before, ${after.sockets} after; ${leaked === 0 ? 'none leaked' : `${leaked} LEAKED`}`
}
