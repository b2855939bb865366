import type { Recorder } from './measuring/recorder.ts'
import type { ServerSample } from './measuring/server-watch.ts'

/** How a load is going, now and then. */
export interface LiveFigures {
  readonly recorder: Recorder
  readonly seconds: number
  readonly ofSeconds: number
  readonly server: ServerSample | null
}

/** Whoever wants to see how a load test goes. */
export interface Watcher {
  /** A sentence that must be read. */
  say(sentence: string): void
  /** What is done from now on. */
  phase(name: string): void
  /** About once a second. */
  live(figures: LiveFigures): void
}
