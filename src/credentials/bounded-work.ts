import { Refusal } from '../domain/errors.ts'

/**
 * Runs at most `atOnceMax` works at a time; the others wait in the order they came.
 * @throws Refusal `overloaded` when `waitingMax` wait already
 */
export function boundedWork(atOnceMax: number, waitingMax: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0

  return async (work) => {
    if (running < atOnceMax) running++
    else {
      if (waiting.length >= waitingMax) throw new Refusal('overloaded', { part: 'sign-in' })
      // Whoever finishes hands the place on, so that nobody who comes later gets it first.
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
