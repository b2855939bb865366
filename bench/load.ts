import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LoadFigures, LoadOrder } from './closed-loop.ts'

/** Clients in a process of their own. On a machine without other CPUs they share those of the server. */
export interface Load {
  run(order: LoadOrder): Promise<LoadFigures>
  stop(): void
}

const CLIENTS = fileURLToPath(new URL('./closed-loop.js', import.meta.url))

export function startLoad(): Load {
  const child = fork(CLIENTS, [], { serialization: 'advanced' })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the clients ended with ${String(code)}`)
  })
  // Told to whoever waits; in the end nobody does.
  failed.catch(() => {})
  return {
    async run(order) {
      const answered = once(child, 'message')
      child.send(order)
      const [figures]: LoadFigures[] = await Promise.race([answered, failed])
      if (figures === undefined) throw new Error('the clients did not say how it went')
      return figures
    },
    stop: () => void child.kill(),
  }
}
