import { InvalidArgumentError } from 'commander'

const MS_PER_SECOND = 1_000
const PERCENT = 100
const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600 }
/** A day: whoever wants more starts it again. */
const SECONDS_MAX = 86_400
const CLIENTS_MAX = 1_000
const RATE_MAX = 100_000

/** `30s`, `5m`, `500ms`; seconds where no unit is given. */
export function parseSeconds(text: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim()) ?? []
  const seconds = Number(amount) * (SECONDS_PER_UNIT[unit] ?? Number.NaN)
  if (!(seconds >= 0 && seconds <= SECONDS_MAX))
    throw new InvalidArgumentError('It must be a time such as 30s, 5m or 500ms, a day at most.')
  return seconds
}

export function parseDuration(text: string): number {
  const seconds = parseSeconds(text)
  if (seconds < 1) throw new InvalidArgumentError('It must be a second or more, such as 30s or 5m.')
  return seconds
}

/** Milliseconds where no unit is given, as latencies are spoken of. */
export function parseLatencyMs(text: string): number {
  const ms = MS_PER_SECOND * parseSeconds(/^\d+(\.\d+)?$/.test(text.trim()) ? `${text.trim()}ms` : text)
  if (ms === 0) throw new InvalidArgumentError('It must be a time such as 500ms or 2s.')
  return ms
}

/** `1%` or `0.01`, as a share of 0 to 1. */
export function parseShare(text: string): number {
  const [, amount, percent] = /^(\d+(?:\.\d+)?)\s*(%)?$/.exec(text.trim()) ?? []
  const share = Number(amount) / (percent === undefined ? 1 : PERCENT)
  if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError('It must be a share such as 1% or 0.01.')
  return share
}

export function parseClients(text: string): number {
  const clients = Number(text)
  if (!Number.isInteger(clients) || clients < 1 || clients > CLIENTS_MAX)
    throw new InvalidArgumentError(`It must be a whole number, 1 to ${CLIENTS_MAX}.`)
  return clients
}

/** Calls a second. */
export function parseRate(text: string): number {
  const rate = Number(text.trim().replace(/\/s$/, ''))
  if (!(rate > 0 && rate <= RATE_MAX))
    throw new InvalidArgumentError(`It must be a number of turns a second, above 0 and ${RATE_MAX} at most.`)
  return rate
}
