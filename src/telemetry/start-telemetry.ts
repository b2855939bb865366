import type { Clock } from '../domain/clock.ts'
import type { ExtractorStatus } from '../domain/extractor.ts'
import type { Telemetry } from '../domain/telemetry.ts'
import { ProcessMeter } from './process-meter.ts'
import { RequestMeter } from './request-meter.ts'
import { Series } from './series.ts'

export interface TelemetryOptions {
  /** That the process may use. */
  readonly cpus: number
  readonly dataDir: string
  readonly clock: Clock
  readonly extractor: () => ExtractorStatus
}

/** How often the process and the queue are read. */
const READ_EVERY_MS = 1_000

/** Measures from now on until `stop`. */
export function startTelemetry({ cpus, dataDir, clock, extractor }: TelemetryOptions): Telemetry & { stop(): void } {
  const requests = new RequestMeter(performance.now())
  const processMeter = new ProcessMeter(cpus, dataDir)
  const series = new Series(requests)
  const timer = setInterval(() => {
    series.note(processMeter.read(), extractor().queued, performance.now())
  }, READ_EVERY_MS)
  timer.unref()
  return {
    answered: (request) => requests.note(request, performance.now()),
    requests: () => requests.figures(performance.now()),
    series: () => series.points(performance.now(), clock()),
    process: () => processMeter.figures(),
    exposition: async () => '',
    stop: () => {
      clearInterval(timer)
      processMeter.stop()
    },
  }
}
