import type { StageTimings } from '../domain/extractor.ts'

/** Adds up what each stage of one extraction takes. */
export class StageClock {
  readonly timings: { -readonly [Stage in keyof StageTimings]: number } = {
    decode: 0,
    detect: 0,
    landmarks: 0,
    align: 0,
    embed: 0,
  }

  async time<T>(stage: keyof StageTimings, work: () => T | Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      this.timings[stage] += performance.now() - start
    }
  }
}
