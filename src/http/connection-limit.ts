import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { networkOf } from '../domain/account.ts'
import type { ServerLimits } from './options.ts'

const SAID_AGAIN_AFTER_MS = 60_000

/**
 * Closes the connections of whoever has too many, so that there are some left for others, and those of everybody when
 * there are too many in all: each costs memory and a descriptor even while it says nothing, and what the server reads
 * and writes costs descriptors too.
 */
export function limitConnections({ server, log }: FastifyInstance, limits: ServerLimits): void {
  const { connectionsInAll } = limits
  if (Number.isFinite(connectionsInAll)) server.maxConnections = connectionsInAll
  let saidAtMs = Number.NEGATIVE_INFINITY
  server.on('drop', () => {
    if (performance.now() - saidAtMs < SAID_AGAIN_AFTER_MS) return
    saidAtMs = performance.now()
    log.warn(
      { connections: connectionsInAll },
      'connections are turned away; "ulimit -n" says how many files may be open',
    )
  })

  const max = Math.min(limits.connections, Math.ceil(connectionsInAll / 2))
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const network = networkOf(socket.remoteAddress ?? '')
    const count = open.get(network) ?? 0
    if (count >= max) {
      socket.destroy()
      return
    }
    open.set(network, count + 1)
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1
      if (left > 0) open.set(network, left)
      else open.delete(network)
    })
  })
}
