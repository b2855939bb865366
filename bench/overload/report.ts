import { cpus } from 'node:os'
import type { ProcessReading } from '../watch-process.ts'
import type { LoadResult, Outcome } from './load.ts'

export interface SecondOfServer extends ProcessReading {
  /** That other machines had of this one's CPUs. */
  readonly stolenMs: number
}

export interface Measured {
  readonly seconds: number
  readonly queueSeconds: number
  /** What was answered before the flood. */
  readonly perSecond: number
  /** The flood's outcomes, and those of the other address. */
  readonly during: LoadResult
  /** Of the server, one a second. */
  readonly readings: readonly SecondOfServer[]
  readonly after: LoadResult
  /** By request id, as the server's log has it. */
  readonly ownMs: ReadonlyMap<string, number>
}

const SECOND_MS = 1_000
const MIB = 2 ** 20
const PROMPT_MS = 50
/** In a second, of all CPUs: as long as a refusal may take. */
const STOLEN_MUCH_MS = 50
const FULL_SPEED = 0.9
const STEP_SECONDS = 0.25
/** Why photos are refused that have not waited, and those that have. */
const AT_THE_DOOR = ['long-wait', 'queue-full']
const EXPIRED = 'waited-too-long'
const SHED = 'gave-way'

/** Prints one table. */
export function report(measured: Measured): void {
  const { seconds, queueSeconds, perSecond, during, readings, after, ownMs } = measured
  const [flood = [], polite = []] = during.outcomes
  const accepted = flood.filter(({ status }) => status === 200)
  const refused = flood.filter(({ status }) => status === 503)
  const among = (...reasons: string[]) => refused.filter(({ reason }) => reason !== null && reasons.includes(reason))
  const door = among(...AT_THE_DOOR)
  const others = flood.filter(({ status }) => status !== 200 && status !== 503)
  const sinceStart = readings.at(-1)?.cpuWaitMs ?? Number.NaN
  const part = (outcomes: readonly Outcome[]) => (outcomes.length / flood.length).toFixed(4)
  const rows: readonly (readonly [string, string])[] = [
    ['machine', `${cpus()[0]?.model.trim()}, ${cpus().length} CPUs, Node ${process.version}`],
    ['sustainable, requests/s', perSecond.toFixed(1)],
    [`asked for ${seconds} s, requests/s`, (flood.length / seconds).toFixed(1)],
    ['accepted, requests/s', (accepted.length / seconds).toFixed(1)],
    ['refused at the door, after waiting, shed: shares', [door, among(EXPIRED), among(SHED)].map(part).join(', ')],
    ['neither accepted nor refused', `${others.length} ${[...new Set(others.map(({ status }) => status))].join(' ')}`],
    [`accepted, ms p50, p99 (asked: p99 ${2 * queueSeconds * SECOND_MS} at most)`, quantiles(accepted.map(total))],
    [`refused, ms p50, p99, most (asked: under ${PROMPT_MS})`, quantiles(refused.map(total))],
    [`refused later than in ${PROMPT_MS} ms, and while the host took much of the machine`, lateBy(refused, readings)],
    ['refused at the door, ms p50, p99, most', quantiles(door.map(total))],
    ['the same as the server has it', quantiles(door.map(({ requestId }) => ownMs.get(requestId) ?? Number.NaN))],
    ['refused after waiting or shed, ms', quantiles(among(EXPIRED, SHED).map(total))],
    ['the other address: answered, share', (answered(polite) / polite.length).toFixed(4)],
    ['the other address, requests/s', (answered(polite) / seconds).toFixed(1)],
    ['the other address, ms p50, p99, most', quantiles(polite.map(total))],
    ['RSS, MiB, first and last quarter', quarters(readings.map(({ rssBytes }) => rssBytes / MIB))],
    ['full speed again after, s (asked: 2 at most)', recovery(after.outcomes[0] ?? [], perSecond)],
    [
      'event loop of the server, ms p50, worst p99 of a second, most',
      [
        median(readings.map(({ eventLoopP50Ms }) => eventLoopP50Ms)),
        Math.max(...readings.map(({ eventLoopP99Ms }) => eventLoopP99Ms)),
        Math.max(...readings.map(({ eventLoopMaxMs }) => eventLoopMaxMs)),
      ]
        .map((ms) => ms.toFixed(1))
        .join(', '),
    ],
    ['its main thread waited for a CPU, ms/s', ((sinceStart - (readings[0]?.cpuWaitMs ?? 0)) / seconds).toFixed(1)],
    [
      'taken from this machine by its host, ms/s p50, most in a second',
      [
        median(readings.map((reading) => reading.stolenMs)),
        Math.max(...readings.map((reading) => reading.stolenMs)),
      ].join(', '),
    ],
    [
      'the generator: event loop ms p50, p99, most',
      [during.loop.eventLoopP50Ms, during.loop.eventLoopP99Ms, during.loop.eventLoopMaxMs]
        .map((ms) => ms.toFixed(1))
        .join(', '),
    ],
    ['the generator: sent late by, ms p50, p99, most', quantiles(flood.map(({ sentMs, dueMs }) => sentMs - dueMs))],
    [
      'the generator: CPU, and waited for one, ms/s',
      `${(during.cpuMs / seconds).toFixed(1)}, ${(during.loop.cpuWaitMs / seconds).toFixed(1)}`,
    ],
  ]
  for (const [what, value] of rows) process.stdout.write(`| ${what} | ${value} |\n`)
}

/** From the moment it was handed to the socket to the last byte of the answer. */
function total({ sentMs, endMs }: Outcome): number {
  return endMs - sentMs
}

function answered(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ status }) => status === 200).length
}

function quantiles(ms: readonly number[]): string {
  if (ms.length === 0) return 'none'
  const sorted = [...ms].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN
  return [at(0.5), at(0.99), at(1)].map((value) => value.toFixed(1)).join(', ')
}

/** The readings are of whole seconds from about the start of the load. */
function lateBy(outcomes: readonly Outcome[], readings: readonly SecondOfServer[]): string {
  const late = outcomes.filter((outcome) => total(outcome) > PROMPT_MS)
  const isDisturbed = ({ endMs }: Outcome) => {
    const second = Math.floor(endMs / SECOND_MS)
    return readings.slice(Math.max(0, second - 1), second + 2).some(({ stolenMs }) => stolenMs >= STOLEN_MUCH_MS)
  }
  const disturbed = readings.filter(({ stolenMs }) => stolenMs >= STOLEN_MUCH_MS).length
  const then = `${late.filter(isDisturbed).length} (${disturbed} seconds with ${STOLEN_MUCH_MS} ms or more)`
  return `${late.length} of ${outcomes.length}, ${then}`
}

function quarters(values: readonly number[]): string {
  const length = Math.ceil(values.length / 4)
  return [values.slice(0, length), values.slice(-length)]
    .map((part) => (part.reduce((sum, value) => sum + value, 0) / length).toFixed(0))
    .join(', ')
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Seconds until the first second in which as much was answered as before. */
function recovery(outcomes: readonly Outcome[], perSecond: number): string {
  const lastMs = Math.max(...outcomes.map(({ endMs }) => endMs))
  for (let second = 0; (second + 1) * SECOND_MS <= lastMs; second += STEP_SECONDS) {
    const [from, to] = [second * SECOND_MS, (second + 1) * SECOND_MS]
    const inTime = outcomes.filter(({ status, endMs }) => status === 200 && endMs >= from && endMs < to)
    if (inTime.length >= FULL_SPEED * perSecond) return second.toFixed(2)
  }
  return `not within ${(lastMs / SECOND_MS).toFixed(0)}`
}
