/**
 * Loaded into the measured server before anything else (`--import`): answers each message from the benchmark with what
 * the process has used so far, and starts the event loop's histogram anew.
 */
import { type LoopReading, watchEventLoop } from './event-loop.ts'

export interface ProcessReading extends LoopReading {
  readonly cpuMs: number
  readonly rssBytes: number
}

const MICROSECONDS_PER_MS = 1_000

const readLoop = watchEventLoop()

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const reading: ProcessReading = {
    cpuMs: (user + system) / MICROSECONDS_PER_MS,
    rssBytes: process.memoryUsage.rss(),
    ...readLoop(),
  }
  process.send?.(reading)
})
process.channel?.unref()
