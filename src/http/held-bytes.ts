import type { FastifyInstance } from 'fastify'
import { networkOf } from '../domain/account.ts'
import { Refusal } from '../domain/errors.ts'

/**
 * How many times as much as it leaves free a network may hold: three quarters of the room where it is alone, less where
 * others hold something too. So there is always room for whoever comes next.
 */
const TIMES_THE_FREE_MAX = 3

/** What uploads hold in memory, over all requests of the server. */
export class HeldBytes {
  readonly #max: number
  readonly #byNetwork = new Map<string, number>()
  #held = 0

  constructor(max: number) {
    this.#max = max
  }

  /** @throws Refusal `overloaded` when the network could not hold so many more bytes */
  check(bytes: number, network: string): void {
    const own = (this.#byNetwork.get(network) ?? 0) + bytes
    const free = this.#max - this.#held - bytes
    if (free < 0 || own > TIMES_THE_FREE_MAX * free) throw new Refusal('overloaded', { reason: 'uploads-full' })
  }

  /** @throws Refusal `overloaded`, holding nothing more */
  hold(bytes: number, network: string): void {
    this.check(bytes, network)
    this.#held += bytes
    this.#byNetwork.set(network, (this.#byNetwork.get(network) ?? 0) + bytes)
  }

  release(bytes: number, network: string): void {
    this.#held -= bytes
    const left = (this.#byNetwork.get(network) ?? 0) - bytes
    if (left > 0) this.#byNetwork.set(network, left)
    else this.#byNetwork.delete(network)
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What this request's uploads hold. */
    heldBytes: number
  }
}

/** Lets go of what a request holds once its answer is out or its client is gone. */
export function releaseHeldBytes(app: FastifyInstance, held: HeldBytes): void {
  app.decorateRequest('heldBytes', 0)
  app.addHook('onRequest', (request, reply, done) => {
    // Known now: a connection that is gone has no address any more.
    const network = networkOf(request.ip)
    reply.raw.once('close', () => held.release(request.heldBytes, network))
    done()
  })
}
