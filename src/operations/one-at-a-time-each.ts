import { Refusal } from '../domain/errors.ts'
import { oneAtATime } from './one-at-a-time.ts'

/**
 * Runs the tasks of one key one after another, those of different keys at once.
 * @throws Refusal `too-many-requests` when `waitingMax` tasks of the key wait already
 */
export function oneAtATimeEach(waitingMax: number): <T>(key: string, task: () => Promise<T>) => Promise<T> {
  const queues = new Map<string, { run: ReturnType<typeof oneAtATime>; tasks: number }>()

  return async (key, task) => {
    const queue = queues.get(key) ?? { run: oneAtATime(), tasks: 0 }
    if (queue.tasks > waitingMax) throw new Refusal('too-many-requests')
    queues.set(key, queue)
    queue.tasks++
    try {
      return await queue.run(task)
    } finally {
      queue.tasks--
      if (queue.tasks === 0) queues.delete(key)
    }
  }
}
