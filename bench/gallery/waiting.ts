import { readdirSync, readFileSync } from 'node:fs'

/*
 * How long threads of this process were ready to run and waited for a CPU, as Linux counts it (/proc, schedstat): on a
 * machine that does other work too, wall time without this is what a quieter one would have shown.
 */

const NANOSECONDS_PER_MS = 1_000_000

/** Ids of the threads that ran while the work was done, the busiest first. */
export async function threadsOf(work: () => Promise<void>): Promise<readonly number[]> {
  const before = new Map(threads().map((thread) => [thread, ran(thread)]))
  await work()
  const spent = (thread: number) => ran(thread) - (before.get(thread) ?? 0)
  return threads().sort((a, b) => spent(b) - spent(a))
}

/** Milliseconds that a thread has waited for a CPU so far. */
export function waitedMs(thread: number): number {
  return numbers(thread)[1] / NANOSECONDS_PER_MS
}

function ran(thread: number): number {
  return numbers(thread)[0]
}

function threads(): number[] {
  return readdirSync('/proc/self/task').map(Number)
}

function numbers(thread: number): readonly [ran: number, waited: number] {
  const [ran = 0, waited = 0] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ').map(Number)
  return [ran, waited]
}
