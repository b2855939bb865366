/** How late the event loop of this process is, and how long it waited for a CPU. */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface LoopReading {
  readonly eventLoopP50Ms: number
  readonly eventLoopP99Ms: number
  readonly eventLoopMaxMs: number
  /** How long the main thread could have run and got no CPU, since the process began; NaN where the system keeps no count. */
  readonly cpuWaitMs: number
}

const NANOSECONDS_PER_MS = 1_000_000
/** How often the loop is looked at; what it is late by is what a request would wait. */
const RESOLUTION_MS = 1

/** Watches from now on. @returns what reads the histogram, and starts it anew */
export function watchEventLoop(): () => LoopReading {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  return () => {
    const late = (percentile: number) => Math.max(0, delay.percentile(percentile) / NANOSECONDS_PER_MS - RESOLUTION_MS)
    const reading = {
      eventLoopP50Ms: late(50),
      eventLoopP99Ms: late(99),
      eventLoopMaxMs: late(100),
      cpuWaitMs: cpuWaitMs(),
    }
    delay.reset()
    return reading
  }
}

function cpuWaitMs(): number {
  try {
    const [, waitedNs] = readFileSync('/proc/self/schedstat', 'utf8').split(' ')
    return Number(waitedNs) / NANOSECONDS_PER_MS
  } catch {
    return Number.NaN
  }
}
