import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 5
const MICROSECONDS_PER_MS = 1_000
const NANOSECONDS_PER_MS = 1_000_000

export interface OwnCost {
  /** CPU time of this tool over the time that passed; 1 is one core. */
  readonly cores: number
  readonly cpuMsPerCall: number
  /** By how much its own timers were late: latencies are too long by as much. */
  readonly lateP50Ms: number
  readonly lateP99Ms: number
}

/** Measures what the load test itself takes, from now until it is asked. */
export function measureOwnCost(): (calls: number) => OwnCost {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  const before = process.cpuUsage()
  const startMs = performance.now()
  return (calls) => {
    const { user, system } = process.cpuUsage(before)
    delay.disable()
    const cpuMs = (user + system) / MICROSECONDS_PER_MS
    const late = (percentile: number) => Math.max(0, delay.percentile(percentile) / NANOSECONDS_PER_MS - RESOLUTION_MS)
    return {
      cores: cpuMs / Math.max(1, performance.now() - startMs),
      cpuMsPerCall: cpuMs / Math.max(1, calls),
      lateP50Ms: late(50),
      lateP99Ms: late(99),
    }
  }
}
