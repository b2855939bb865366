/**
 * Loaded into the measured server before anything else (`--import`): answers each message from the benchmark with what
 * the process has used so far, and starts the event loop's histogram anew.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface ProcessReading {
  readonly cpuMs: number
  readonly rssBytes: number
  readonly eventLoopP50Ms: number
  readonly eventLoopP99Ms: number
  readonly eventLoopMaxMs: number
}

const MICROSECONDS_PER_MS = 1_000
const NANOSECONDS_PER_MS = 1_000_000
/** How often the loop is looked at; what it is late by is what a request would wait. */
const RESOLUTION_MS = 1

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const late = (percentile: number) => Math.max(0, delay.percentile(percentile) / NANOSECONDS_PER_MS - RESOLUTION_MS)
  const reading: ProcessReading = {
    cpuMs: (user + system) / MICROSECONDS_PER_MS,
    rssBytes: process.memoryUsage.rss(),
    eventLoopP50Ms: late(50),
    eventLoopP99Ms: late(99),
    eventLoopMaxMs: late(100),
  }
  delay.reset()
  process.send?.(reading)
})
process.channel?.unref()
