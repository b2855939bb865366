import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { ProcessFigures } from '../domain/telemetry.ts'

/** How often the event loop is looked at; what it is late by is what a request would wait. */
const LOOP_RESOLUTION_MS = 20
const MICROSECONDS_PER_MS = 1_000
const NANOSECONDS_PER_MS = 1_000_000

export interface ProcessReading {
  /** Of all CPUs since the reading before, 0 to 1. */
  readonly cpuShare: number
  readonly rssBytes: number
  readonly eventLoop: ProcessFigures['eventLoop']
}

/** What this process uses of the machine. */
export class ProcessMeter {
  readonly #cpus: number
  readonly #dataDir: string
  readonly #loop: IntervalHistogram
  #cpu = process.cpuUsage()
  #readAtMs = performance.now()
  #last: ProcessReading = {
    cpuShare: 0,
    rssBytes: residentBytes() ?? 0,
    eventLoop: { p50Ms: 0, p99Ms: 0, maxMs: 0 },
  }

  /** @param cpus that the process may use */
  constructor(cpus: number, dataDir: string) {
    this.#cpus = cpus
    this.#dataDir = dataDir
    this.#loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
    this.#loop.enable()
  }

  /** Reads what was used since the reading before. */
  read(): ProcessReading {
    const nowMs = performance.now()
    const { user, system } = process.cpuUsage(this.#cpu)
    const usedMs = (user + system) / MICROSECONDS_PER_MS
    const cpuShare = Math.min(1, usedMs / Math.max(1, (nowMs - this.#readAtMs) * this.#cpus))
    const late = (ns: number) =>
      this.#loop.count === 0 ? 0 : Math.max(0, ns / NANOSECONDS_PER_MS - LOOP_RESOLUTION_MS)
    const eventLoop = {
      p50Ms: late(this.#loop.percentile(50)),
      p99Ms: late(this.#loop.percentile(99)),
      maxMs: late(this.#loop.max),
    }
    this.#loop.reset()
    this.#cpu = process.cpuUsage()
    this.#readAtMs = nowMs
    this.#last = { cpuShare, rssBytes: residentBytes() ?? this.#last.rssBytes, eventLoop }
    return this.#last
  }

  async figures(): Promise<ProcessFigures> {
    return {
      uptimeSeconds: process.uptime(),
      cpus: this.#cpus,
      ...this.#last,
      rssBytes: residentBytes() ?? this.#last.rssBytes,
      heapUsedBytes: getHeapStatistics().used_heap_size,
      memoryLimitBytes: memoryLimit(),
      disk: await this.disk(),
    }
  }

  stop(): void {
    this.#loop.disable()
  }

  /** Of the file system that holds the data; zeros where it does not say. */
  async disk(): Promise<ProcessFigures['disk']> {
    try {
      const { bsize, bavail, blocks } = await statfs(this.#dataDir)
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
    } catch {
      return { freeBytes: 0, totalBytes: 0 }
    }
  }
}

/** Null where it cannot be read, which takes a file descriptor on Linux: a server that has none left serves on. */
function residentBytes(): number | null {
  try {
    return process.memoryUsage.rss()
  } catch {
    return null
  }
}

/** Without a limit of the container the answer is none, or larger than the machine. */
function memoryLimit(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
